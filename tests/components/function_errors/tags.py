def function(name: str) -> str:
    """Greets, in {{workflow.name}}."""  # ! argo-tag
    text = f"{{item}} {name} {{ user }}"  # ! argo-tag
    return text + "{{=1 + 1}}"  # ! argo-tag
