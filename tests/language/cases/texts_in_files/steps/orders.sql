select $$it$$ from orders where day = '{{inputs.parameters.day}}'
