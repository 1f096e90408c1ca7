"""Views of components: lists, pages, differences. Pure functions of their arguments, without file access."""
