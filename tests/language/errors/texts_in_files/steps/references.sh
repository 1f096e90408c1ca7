echo "${{ inputs.day }}"  # ! misplaced-reference
echo ${{ secrets.X }} ${{ env.DAY }}  # ! misplaced-reference
