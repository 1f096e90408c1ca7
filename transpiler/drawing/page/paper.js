// Paper has the whole picture, in the direction that fills a page better; the screen is afterwards as it was.

let isOnPaper = false;

// The room for the picture on a page, in centimetres.
const PAPER = [18, 23, Infinity];

function watchPrinter() {
  let direction = null;
  const turn = () => {
    redraw();
    mark();
  };
  addEventListener("beforeprint", () => {
    if (isOnPaper) return;
    isOnPaper = true;
    direction = folding.direction;
    turnToFit(...PAPER);
    turn();
    const { width, height } = placement;
    scene.removeAttribute("transform");
    svg.setAttribute("viewBox", `-16 -16 ${width + 32} ${height + 32}`);
  });
  addEventListener("afterprint", () => {
    if (!isOnPaper) return;
    isOnPaper = false;
    folding.direction = direction;
    turn();
    svg.removeAttribute("viewBox");
    show();
  });
}
