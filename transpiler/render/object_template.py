"""What Jinja made of `templates/object.yaml.j2`: made anew by `python -m transpiler.render.precompile`, never by hand."""
# mypy: ignore-errors

JINJA = "3.1.6"
"""The Jinja that made it, which alone can be relied on to run it."""
from jinja2.runtime import LoopContext, Macro, Markup, Namespace, TemplateNotFound, TemplateReference, TemplateRuntimeError, Undefined, escape, identity, internalcode, markup_join, missing, str_join
name = 'object.yaml.j2'

def root(context, missing=missing):
    resolve = context.resolve_or_missing
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_object = resolve('object')
    try:
        t_1 = environment.filters['below']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No filter named 'below' found.")
    pass
    for (l_1_field, l_1_value) in context.call(environment.getattr((undefined(name='object') if l_0_object is missing else l_0_object), 'items')):
        _loop_vars = {}
        pass
        yield str(environment.finalize(l_1_field))
        yield str(environment.finalize(t_1(l_1_value)))
        yield '\n'
    l_1_field = l_1_value = missing

blocks = {}
debug_info = '1=18&2=21'
