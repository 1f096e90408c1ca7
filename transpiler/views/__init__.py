"""What is shown of components: lists, pages, differences. Looks at what it is given; opens and writes nothing."""
