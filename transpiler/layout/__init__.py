"""Where boxes in boxes and the lines between them stand: layers, order, coordinates, routes. Knows no pipelines."""
