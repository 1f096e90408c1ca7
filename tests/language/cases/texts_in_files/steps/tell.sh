echo "$$ $(HOME) $(date) $1 {{= workflow.name + '$$' }}"
