// The pages work without this. It fetches a page again when something has happened, copies text, and knows one key: `/`.
(function () {
  'use strict';

  var root = document.documentElement;
  var PAUSE = 250;

  // Copying

  function textOf(button) {
    var named = button.dataset.copy && document.getElementById(button.dataset.copy);
    var source = named || button.parentNode.querySelector('pre');
    return source ? source.textContent : '';
  }

  function showCopyButtons() {
    document.querySelectorAll('[data-copy][hidden]').forEach(function (button) {
      button.hidden = false;
    });
  }

  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-copy]');
    if (!button || !navigator.clipboard) return;
    navigator.clipboard.writeText(textOf(button)).then(function () {
      var before = button.textContent;
      button.textContent = '✓';
      window.setTimeout(function () {
        button.textContent = before;
      }, 1200);
    });
  });

  // A nervous finger presses once.
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post') return;
    window.setTimeout(function () {
      form.querySelectorAll('button').forEach(function (button) {
        button.disabled = true;
      });
    }, 0);
  });

  window.addEventListener('pageshow', function (event) {
    if (!event.persisted) return;
    document.querySelectorAll('button').forEach(function (button) {
      button.disabled = false;
    });
  });

  document.addEventListener('keydown', function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    var search = document.querySelector('[data-search]');
    if (event.key !== '/' || typing || !search || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // What was done is said once, and not again when the page is loaded again.
  var here = new URL(window.location.href);
  if (here.searchParams.has('done')) {
    here.searchParams.delete('done');
    here.searchParams.delete('of');
    window.history.replaceState(null, '', here);
  }

  // Staying up to date

  function toTheEnd(of) {
    of.querySelectorAll('[data-tail]').forEach(function (list) {
      list.scrollTop = list.scrollHeight;
    });
  }

  function isBusy(live) {
    var active = document.activeElement;
    var typing = live.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName);
    var selection = window.getSelection();
    var chosen = Array.prototype.some.call(live.querySelectorAll('input[type="file"]'), function (field) {
      return field.files.length > 0;
    });
    return typing || chosen || (selection && !selection.isCollapsed && live.contains(selection.anchorNode));
  }

  function pathTo(element, from) {
    var path = [];
    while (element && element !== from) {
      path.unshift(Array.prototype.indexOf.call(element.parentNode.children, element));
      element = element.parentNode;
    }
    return path;
  }

  function at(path, from) {
    return path.reduce(function (element, index) {
      return element && element.children[index];
    }, from);
  }

  // Fields of forms, each with what somebody has typed or chosen there.
  function fields(of) {
    var seen = {};
    var all = of.querySelectorAll('select, textarea, input:not([type="hidden"]):not([type="file"])');
    return Array.prototype.map.call(all, function (field) {
      var own = field.options && Array.prototype.findIndex.call(field.options, (option) => option.defaultSelected);
      var isChanged = field.options ? field.selectedIndex !== Math.max(own, 0) : field.value !== field.defaultValue;
      seen[field.name] = (seen[field.name] || 0) + 1;
      return { key: field.name + seen[field.name], field: field, typed: isChanged ? field.value : null };
    });
  }

  // The sentence of the chosen fault, and the field for its argument if it has one.
  function explainFault() {
    var list = document.querySelector('select[name="fault"]');
    if (!list) return;
    var fault = list.selectedOptions[0];
    var field = list.form.elements.argument;
    var label = field.closest('label');
    list.form.querySelector('[data-says-here]').textContent = fault.dataset.says;
    field.disabled = label.hidden = !fault.dataset.argument;
    field.placeholder = fault.value.split('=')[1] || '';
    if (fault.dataset.argument) label.querySelector('span').textContent = fault.dataset.argument;
  }

  document.addEventListener('change', explainFault);

  function replace(live, fresh) {
    var focused = live.contains(document.activeElement) ? pathTo(document.activeElement, live) : null;
    var open = {};
    live.querySelectorAll('details[id]').forEach(function (details) {
      open[details.id] = details.open;
    });
    var tails = Array.prototype.map.call(live.querySelectorAll('[data-tail]'), function (list) {
      return {
        top: list.scrollTop,
        atEnd: list.scrollHeight - list.scrollTop - list.clientHeight < 40,
        last: list.querySelectorAll('li').length,
      };
    });
    var typed = {};
    fields(live).forEach(function (one) {
      if (one.typed !== null) typed[one.key] = one.typed;
    });
    live.innerHTML = fresh.innerHTML;
    fields(live).forEach(function (one) {
      if (one.key in typed) one.field.value = typed[one.key];
    });
    explainFault();
    live.querySelectorAll('details[id]').forEach(function (details) {
      if (details.id in open) details.open = open[details.id];
    });
    live.querySelectorAll('[data-tail]').forEach(function (list, index) {
      var before = tails[index];
      var items = list.querySelectorAll('li');
      if (!before || before.atEnd) list.scrollTop = list.scrollHeight;
      else list.scrollTop = before.top;
      if (items.length) items[items.length - 1].classList.add('is-new');
    });
    var again = focused && at(focused, live);
    if (again && again.focus) again.focus({ preventScroll: true });
    showCopyButtons();
    lookAgain();
  }

  var timer = 0;
  var underWay = false;
  // As it came, to tell whether anything is new: a page that stays the same is left alone, and a click on it is not lost.
  var shown = '';

  function soon() {
    window.clearTimeout(timer);
    timer = window.setTimeout(refresh, PAUSE);
  }

  // Something is under way that tells nobody when it is over.
  function lookAgain() {
    var waiting = document.querySelector('[data-again]');
    if (waiting) window.setTimeout(soon, Number(waiting.dataset.again));
  }

  function refresh() {
    var live = document.getElementById('live');
    if (!live) return;
    if (underWay || document.hidden || isBusy(live)) {
      timer = window.setTimeout(refresh, 1000);
      return;
    }
    underWay = true;
    fetch(window.location.href, { headers: { accept: 'text/html' } })
      .then(function (response) {
        if (!response.ok) throw new Error(response.status);
        return response.text();
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, 'text/html');
        var fresh = page.getElementById('live');
        var clock = page.querySelector('.now time');
        if (fresh && fresh.innerHTML === shown) lookAgain();
        else if (fresh && !isBusy(live)) {
          shown = fresh.innerHTML;
          replace(live, fresh);
        }
        if (clock) document.querySelector('.now time').innerHTML = clock.innerHTML;
      })
      .catch(function () {
        // The stream tells when the sandbox is there again.
      })
      .then(function () {
        underWay = false;
      });
  }

  var first = document.getElementById('live');
  if (first) shown = first.innerHTML;
  toTheEnd(document);
  explainFault();
  lookAgain();

  // On a phone not all pages of the navigation are in sight.
  var current = document.querySelector('nav [aria-current]');
  var bar = current && current.parentNode;
  if (bar && bar.scrollWidth > bar.clientWidth) {
    bar.scrollLeft = current.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
  }

  showCopyButtons();

  var stream = document.body.dataset.live;
  if (stream && window.EventSource) {
    var source = new EventSource(stream);
    source.addEventListener('open', function () {
      root.classList.add('is-live');
      root.classList.remove('is-lost');
      // What happened since the page was made was not told.
      soon();
    });
    source.addEventListener('error', function () {
      root.classList.remove('is-live');
      root.classList.add('is-lost');
    });
    source.addEventListener('change', soon);
  }
})();
