// The pages work without this. It tells the page around a frame what became of the payment, and keeps a nervous finger
// from pressing a button twice.
(function () {
  'use strict';

  var data = document.body.dataset;
  var told = false;

  function tell(result) {
    // Only the origin that opened the frame may hear it, and once is enough.
    if (told || !data.opener || window.parent === window) return;
    told = true;
    window.parent.postMessage({ wechatpaySandbox: result, detail: data.detail || '' }, data.opener);
  }

  document.querySelectorAll('[data-send]').forEach(function (button) {
    button.addEventListener('click', function () {
      tell(button.dataset.send);
    });
  });

  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape' && data.result) tell(data.result);
  });

  if (data.auto) {
    window.setTimeout(function () {
      tell(data.result);
    }, Number(data.auto) * 1000);
  }

  document.querySelectorAll('form').forEach(function (form) {
    form.addEventListener('submit', function () {
      // After the browser has read which button it was.
      window.setTimeout(function () {
        form.querySelectorAll('button').forEach(function (button) {
          button.disabled = true;
        });
      }, 0);
    });
  });

  // Back in the history shows the page as it was left, with its buttons off.
  window.addEventListener('pageshow', function (event) {
    if (!event.persisted) return;
    document.querySelectorAll('button').forEach(function (button) {
      button.disabled = false;
    });
  });
})();
