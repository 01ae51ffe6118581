// The shop's page. What it shows as paid it was told by the shop, never by the client that paid.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { texts, sandbox } = data;
  const $ = (id) => document.getElementById(id);
  const checkout = $("checkout");
  const panel = $("order");
  const dashboard = sandbox && $("watch").href;

  // How often the order's state is asked for: often while somebody may be paying, seldom later, never when nobody looks.
  const FAST = 1000;
  const SLOW = 4000;
  const FAST_FOR = 5 * 60 * 1000;

  let current = null; // { number, receipt, invoke, note }
  let timer = 0;
  let shownAt = 0;

  // ---- talking to the shop -------------------------------------------------------------------------------------------

  async function call(method, path, body) {
    let response;
    try {
      response = await fetch(path, {
        method,
        headers: body === undefined ? {} : { "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    } catch {
      throw new Error(texts.error.network);
    }
    const received = await response.json().catch(() => ({}));
    if (response.ok) return received;
    throw new Error(explain(response.status, received));
  }

  function explain(status, { code = "", message = "", request_id = null }) {
    if (status === 404) return texts.error.gone;
    if (status !== 502) return message || code || String(status);
    const id = request_id ? ` [${texts.error.request_id} ${request_id}]` : "";
    return `${texts.error.gateway}${message} (${code})${id}`;
  }

  const receiptPath = (number) => `/orders/${encodeURIComponent(number)}/receipt`;

  // ---- checkout ------------------------------------------------------------------------------------------------------

  const yuan = (fen) => (fen / 100).toFixed(2);

  function choice() {
    const input = [...document.querySelectorAll('input[name="product"]')].find((one) => one.checked);
    return { name: input.dataset.name, fen: Number(input.dataset.fen) };
  }

  function showChoice() {
    const { name, fen } = choice();
    $("choice-name").textContent = name;
    $("choice-price").textContent = yuan(fen);
    $("bar-name").textContent = name;
    $("bar-price").textContent = yuan(fen);
    $("pay").textContent = `${texts.pay} ¥${yuan(fen)}`;
    $("pay").disabled = false;
    $("checkout-error").textContent = "";
  }

  async function order(event) {
    event.preventDefault();
    const { name, fen } = choice();
    const scene = new FormData(checkout).get("scene");
    $("checkout-error").textContent = "";
    $("pay").disabled = true;
    $("pay").textContent = texts.paying;
    try {
      const created = await call("POST", "/orders", { scene, total: fen, description: name });
      remember(created.out_trade_no, created.invoke);
      const receipt = await call("GET", receiptPath(created.out_trade_no));
      open(created.out_trade_no, receipt, created.invoke);
      history.pushState(null, "", `/?order=${encodeURIComponent(created.out_trade_no)}`);
      invoke();
    } catch (error) {
      $("checkout-error").textContent = error.message;
      $("pay").disabled = false;
      $("pay").textContent = `${texts.pay} ¥${yuan(fen)}`;
    }
  }

  // The parameters are given once; a reload of the page finds them here. They are no secret of the shop's.
  function remember(number, invoke) {
    try {
      sessionStorage.setItem(`invoke-${number}`, JSON.stringify(invoke));
    } catch {
      // Without storage a reload shows the order and not the code.
    }
  }

  function recall(number) {
    try {
      return JSON.parse(sessionStorage.getItem(`invoke-${number}`));
    } catch {
      return null;
    }
  }

  // ---- the four ways to pay ------------------------------------------------------------------------------------------

  // Opens the payment as the scene does: by leaving, by the bridge, by the app, or by showing a code.
  function invoke() {
    const { receipt, invoke: parameters } = current;
    if (!parameters || receipt.status !== "NOTPAY") return;
    if (receipt.scene === "h5") location.assign(parameters.h5_url);
    if (receipt.scene === "jsapi") callBridge(parameters);
  }

  async function callBridge(parameters) {
    note("");
    try {
      const bridge = await findBridge();
      bridge.invoke("getBrandWCPayRequest", parameters, ({ err_msg: result = "" }) => {
        if (result.endsWith(":ok")) note(texts.hint.claimed);
        else if (result.endsWith(":cancel")) note(texts.hint.cancelled);
        else fail(result);
      });
    } catch {
      fail(texts.error.bridge);
    }
  }

  function findBridge() {
    return new Promise((resolve, reject) => {
      if (window.WeixinJSBridge) return resolve(window.WeixinJSBridge);
      const giveUp = setTimeout(reject, 3000);
      document.addEventListener(
        "WeixinJSBridgeReady",
        () => {
          clearTimeout(giveUp);
          resolve(window.WeixinJSBridge);
        },
        { once: true },
      );
    });
  }

  // Where the buyer can pay by following a link, if anywhere.
  function cashierUrl(scene, parameters, number) {
    if (scene === "h5") return parameters.h5_url;
    if (!sandbox) return null;
    if (scene === "native") {
      return `${sandbox}/cashier/native?${new URLSearchParams({ code_url: parameters.code_url })}`;
    }
    if (scene === "app") {
      const back = `${location.origin}/?order=${encodeURIComponent(number)}`;
      return `${sandbox}/cashier/app?${new URLSearchParams({ ...parameters, redirect_url: back })}`;
    }
    return null;
  }

  // ---- the order -----------------------------------------------------------------------------------------------------

  function open(number, receipt, parameters) {
    current = { number, receipt, invoke: parameters, note: "" };
    shownAt = Date.now();
    checkout.hidden = true;
    panel.hidden = false;
    document.body.classList.add("ordering");
    $("order-error").textContent = "";
    show();
    $("order-title").focus({ preventScroll: true });
    panel.scrollIntoView({ block: "nearest" });
    watch();
  }

  function leave() {
    current = null;
    clearTimeout(timer);
    panel.hidden = true;
    checkout.hidden = false;
    document.body.classList.remove("ordering");
    if (sandbox) $("watch").href = dashboard;
    showChoice();
  }

  function setText(element, text) {
    // Unchanged text is not written: a screen reader would read it again.
    if (element.textContent !== text) element.textContent = text;
  }

  function show() {
    const { number, receipt, invoke: parameters } = current;
    const { status, scene, payment } = receipt;
    const waiting = status === "NOTPAY";
    panel.dataset.status = status;
    $("status").dataset.status = status;
    const isPartly = status === "REFUND" && receipt.refundable > 0;
    setText($("status"), texts.status[isPartly ? "PARTLY" : status]);
    setText($("order-amount"), yuan(receipt.total));
    setText($("order-what"), receipt.description);
    $("refunded").hidden = !isPartly;
    setText($("refunded"), refundedOf(receipt));
    setText($("order-number"), number);
    showSteps(receipt);

    const cashier = waiting && parameters ? cashierUrl(scene, parameters, number) : null;
    $("cashier").hidden = !cashier;
    if (cashier) {
      $("cashier").href = cashier;
      setText($("cashier"), scene === "h5" && !sandbox ? texts.action.h5 : texts.action.cashier);
      // The code's cashier stands in for a telephone; the others take this window and give it back.
      if (scene === "native") {
        $("cashier").target = "_blank";
        $("cashier").rel = "noreferrer";
      } else {
        $("cashier").removeAttribute("target");
        $("cashier").removeAttribute("rel");
      }
    }
    $("again").hidden = !(waiting && parameters && scene === "jsapi");
    setText($("again"), texts.action.jsapi);
    const code = waiting && parameters?.qr_svg;
    $("code").hidden = !code;
    if (code && !$("code-image").src) {
      $("code-image").src = `data:image/svg+xml,${encodeURIComponent(parameters.qr_svg)}`;
    }
    if (!code) $("code-image").removeAttribute("src");
    setText($("hint"), hint(receipt));
    $("act").hidden = !$("hint").textContent;

    $("proof").hidden = !payment;
    if (payment) {
      setText($("proof"), texts.proof[payment.learned_from]);
      setText($("transaction"), payment.transaction_id);
      const at = new Date(payment.learned_at);
      $("learned").dateTime = payment.learned_at;
      // The time that cashier and dashboard show.
      const style = { dateStyle: "medium", timeStyle: "medium", timeZone: "Asia/Shanghai" };
      setText($("learned"), at.toLocaleString(data.locale, style));
    }
    $("transaction-row").hidden = !payment;
    $("learned-row").hidden = !payment;

    $("invoke-box").hidden = !parameters;
    if (parameters) {
      const { qr_svg: _picture, ...fields } = parameters;
      setText($("invoke"), JSON.stringify(fields, null, 2));
    }
    $("check").hidden = !waiting;
    $("close").hidden = !waiting;
    const isRefundable = Boolean(payment) && receipt.refundable > 0;
    $("refund").hidden = !isRefundable;
    setText($("refund"), `${texts.refund} ¥${yuan(receipt.refundable)}`);
    $("another").hidden = waiting;
    if (sandbox) $("watch").href = dashboardUrl(number);
  }

  function refundedOf({ total, refunded }) {
    const amounts = { total: `¥${yuan(total)}`, refunded: `¥${yuan(refunded)}` };
    return texts.refunded_of.replace(/{(\w+)}/g, (_, name) => amounts[name]);
  }

  // The dashboard's page of this order, which leads back here.
  function dashboardUrl(number) {
    const back = `${location.origin}/?order=${encodeURIComponent(number)}`;
    const query = new URLSearchParams({ lang: data.locale, shop: back });
    return `${sandbox}/_sandbox/orders/-/${encodeURIComponent(number)}?${query}`;
  }

  function showSteps({ status, payment, fulfilled }) {
    const done = { ordered: true, paid: Boolean(payment), handed: fulfilled > 0 };
    let next = status === "NOTPAY";
    for (const step of document.querySelectorAll("[data-step]")) {
      const isDone = done[step.dataset.step];
      step.classList.toggle("done", isDone);
      if (!isDone && next) {
        step.setAttribute("aria-current", "step");
        next = false;
      } else {
        step.removeAttribute("aria-current");
      }
    }
  }

  function hint({ status, scene }) {
    if (status === "CLOSED") return texts.hint.closed;
    if (status !== "NOTPAY") return "";
    // Without the parameters, in another browser say, there is nothing here to pay with.
    if (current.note || !current.invoke) return current.note;
    return (sandbox && texts.hint[`${scene}_sandbox`]) || texts.hint[scene];
  }

  function note(text) {
    if (!current) return;
    current.note = text;
    $("order-error").textContent = "";
    show();
    watch();
  }

  function fail(text) {
    $("order-error").textContent = text;
  }

  // ---- watching ------------------------------------------------------------------------------------------------------

  function watch() {
    clearTimeout(timer);
    if (!current || document.hidden) return;
    const { status, refundable } = current.receipt;
    if (status === "CLOSED" || (status === "REFUND" && refundable === 0)) return;
    const fast = status === "NOTPAY" && Date.now() - shownAt < FAST_FOR;
    timer = setTimeout(refresh, fast ? FAST : SLOW);
  }

  async function refresh() {
    const watched = current;
    if (!watched) return;
    try {
      const receipt = await call("GET", receiptPath(watched.number));
      if (current !== watched) return;
      watched.receipt = receipt;
      show();
    } catch {
      // The next attempt may succeed; what is shown stays true.
    }
    if (current === watched) watch();
  }

  async function act(button, path, body) {
    const watched = current;
    button.disabled = true;
    $("order-error").textContent = "";
    try {
      await call("POST", `/orders/${encodeURIComponent(watched.number)}/${path}`, body);
      await refresh();
      if (path === "sync" && current === watched && watched.receipt.status === "NOTPAY") fail(texts.error.not_paid);
    } catch (error) {
      fail(error.message);
    }
    button.disabled = false;
  }

  // ---- beginning -----------------------------------------------------------------------------------------------------

  async function fromAddress() {
    const number = new URLSearchParams(location.search).get("order");
    if (!number) return leave();
    if (current?.number === number) return;
    try {
      open(number, await call("GET", receiptPath(number)), recall(number));
    } catch (error) {
      leave();
      $("checkout-error").textContent = error.message;
    }
  }

  for (const input of document.querySelectorAll('input[name="product"]')) {
    // A click, not a change: what is chosen already can be chosen again after an order. Going back brings the order back.
    input.addEventListener("click", () => {
      if (current) history.pushState(null, "", "/");
      leave();
    });
  }
  for (const link of document.querySelectorAll("[data-lang]")) {
    link.addEventListener("click", () => {
      const query = new URLSearchParams(location.search);
      query.set("lang", link.dataset.lang);
      link.href = `?${query}`;
    });
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText($(button.dataset.copy).textContent);
        button.textContent = texts.copied;
        setTimeout(() => (button.textContent = label), 1500);
      } catch {
        getSelection().selectAllChildren($(button.dataset.copy));
      }
    });
  }
  checkout.addEventListener("submit", order);
  $("again").addEventListener("click", () => callBridge(current.invoke));
  $("check").addEventListener("click", () => act($("check"), "sync"));
  $("close").addEventListener("click", () => act($("close"), "close"));
  $("refund").addEventListener("click", () => act($("refund"), "refunds", { amount: current.receipt.refundable }));
  $("another").addEventListener("click", () => {
    history.pushState(null, "", "/");
    leave();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
  addEventListener("popstate", fromAddress);
  new IntersectionObserver(([side]) => ($("bar").hidden = side.isIntersecting), {
    rootMargin: "0px 0px -96px",
  }).observe($("side"));
  // A page that comes back from the browser's cache has stood still.
  addEventListener("pageshow", (event) => event.persisted && refresh());
  showChoice();
  fromAddress();
})();
