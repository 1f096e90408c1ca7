"use strict";
(() => {
{% include "dom.js" %}
{% include "model.js" %}
{% include "place.js" %}
{% include "folding.js" %}
{% include "neighbours.js" %}
{% include "drawing.js" %}
{% include "paper.js" %}
{% include "view.js" %}
{% include "pointers.js" %}
{% include "source.js" %}
{% include "run.js" %}
{% include "panel.js" %}
{% include "table.js" %}
{% include "search.js" %}
{% include "selection.js" %}
{% include "keys.js" %}
{% include "start.js" %}
})();
