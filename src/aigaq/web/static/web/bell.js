// Asks now and then whether there is something new to tell the reader; not in a hidden tab.
"use strict";
{
  const bell = document.getElementById("bell");
  let waiting = 0;
  const look = () => { if (!document.hidden) htmx.trigger(bell, "look"); };
  const wait = () => { clearTimeout(waiting); waiting = setTimeout(look, 15000); };
  // Whatever else comes back, from a proxy say, must not take the bell's place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt === bell && event.detail.xhr.status !== 200) event.detail.shouldSwap = false;
  });
  bell.addEventListener("htmx:afterRequest", wait);
  document.addEventListener("visibilitychange", look);
  wait();
}
