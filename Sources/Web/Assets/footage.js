"use strict";
// While a drive is ejected or erased, the page is loaded again until that has ended.
(() => {
  const pause = 3000;

  function again() {
    // Nobody is interrupted who types; and nobody asks for what is not looked at.
    if (document.hidden || document.activeElement?.matches("input, select")) return setTimeout(again, pause);
    location.replace("/footage");
  }

  if (document.querySelector("[data-running]")) setTimeout(again, pause);
})();
