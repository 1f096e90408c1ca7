set -e
echo {{inputs.parameters.nope}}  # ! argo-reference
echo {{=inputs.parameters.x +}}  # ! argo-value
echo {{ user }} $$ $(HOME)
echo {{ open  # ! argo-value
