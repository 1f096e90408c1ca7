// In place of a module of kpt that its authors have withdrawn, and that no function needs.
module github.com/kptdev/kpt/rollouts

go 1.25
