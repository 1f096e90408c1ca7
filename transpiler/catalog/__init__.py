"""The catalog: component references in, components out. The only stage that opens files beside the manifest."""
