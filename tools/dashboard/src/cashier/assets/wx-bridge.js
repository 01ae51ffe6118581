// Stands in for what WeChat's browser gives a page: WeixinJSBridge, and the payment part of wx. A page includes it only
// when it talks to the sandbox:
//
//   <script src="http://127.0.0.1:8640/js/wx-bridge.js"></script>
//
// The payment sheet is a frame of the sandbox. The sandbox verifies the signature, as WeChat does.
(function () {
  'use strict';

  // Inside WeChat the real ones win.
  if (window.WeixinJSBridge) return;

  var sandbox = new URL(document.currentScript.src).origin;
  var appId = '';

  function sheet(parameters, done) {
    var query = new URLSearchParams({ origin: window.location.origin });
    ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'].forEach(function (name) {
      if (parameters[name] !== undefined && parameters[name] !== null) query.set(name, String(parameters[name]));
    });
    var lang = document.documentElement.lang;
    if (/^(zh|en)/i.test(lang)) query.set('lang', lang);

    var overlay = document.createElement('div');
    // A page may forbid style attributes; properties are always allowed.
    Object.assign(overlay.style, {
      position: 'fixed',
      inset: '0',
      zIndex: '2147483647',
      display: 'flex',
      alignItems: 'flex-end',
      justifyContent: 'center',
      background: 'rgba(20, 14, 8, 0.55)',
    });
    var frame = document.createElement('iframe');
    frame.title = 'Sandbox cashier';
    frame.src = sandbox + '/cashier/jsapi?' + query.toString();
    Object.assign(frame.style, {
      width: 'min(430px, 100%)',
      height: 'min(820px, 96%)',
      border: '0',
      borderRadius: '18px 18px 0 0',
      background: 'Canvas',
    });
    var before = document.activeElement;

    function finish(result, detail) {
      window.removeEventListener('message', hear);
      document.removeEventListener('keydown', escape);
      overlay.remove();
      if (before && before.focus) before.focus();
      done(result, detail);
    }

    function hear(event) {
      if (event.origin !== sandbox || event.source !== frame.contentWindow) return;
      var result = event.data && event.data.wechatpaySandbox;
      if (result === 'ok' || result === 'cancel' || result === 'fail') finish(result, event.data.detail || '');
    }

    function escape(event) {
      if (event.key === 'Escape') finish('cancel', '');
    }

    overlay.addEventListener('click', function (event) {
      if (event.target === overlay) finish('cancel', '');
    });
    window.addEventListener('message', hear);
    document.addEventListener('keydown', escape);
    overlay.appendChild(frame);
    document.body.appendChild(overlay);
    frame.focus();
  }

  window.WeixinJSBridge = {
    invoke: function (name, parameters, callback) {
      var answer = callback || function () {};
      if (name !== 'getBrandWCPayRequest') {
        answer({ err_msg: 'system:function_not_exist' });
        return;
      }
      sheet(parameters || {}, function (result, detail) {
        answer({ err_msg: 'get_brand_wcpay_request:' + result, err_desc: detail });
      });
    },
    call: function () {},
    on: function () {},
    log: function () {},
  };

  // The callbacks of wx: success, fail, cancel and complete.
  function settle(options, name, result, detail) {
    var cancelled = result === 'cancel';
    var words = { ok: ':ok', cancel: name === 'requestPayment' ? ':fail cancel' : ':cancel', fail: ':fail ' + detail };
    var answer = { errMsg: name + words[result].trimEnd() };
    var callback = result === 'ok' ? options.success : cancelled && options.cancel ? options.cancel : options.fail;
    if (callback) callback(answer);
    if (options.complete) options.complete(answer);
  }

  function pay(name) {
    return function (options) {
      var given = options || {};
      sheet(
        {
          appId: given.appId || appId || undefined,
          // chooseWXPay spells it without the capital letter.
          timeStamp: given.timeStamp !== undefined ? given.timeStamp : given.timestamp,
          nonceStr: given.nonceStr,
          package: given.package,
          signType: given.signType,
          paySign: given.paySign,
        },
        function (result, detail) {
          settle(given, name, result, detail);
        }
      );
    };
  }

  var wx = (window.wx = window.wx || {});
  wx.config =
    wx.config ||
    function (options) {
      appId = (options && options.appId) || '';
    };
  wx.ready =
    wx.ready ||
    function (callback) {
      window.setTimeout(callback, 0);
    };
  wx.error = wx.error || function () {};
  wx.chooseWXPay = pay('chooseWXPay');
  wx.requestPayment = pay('requestPayment');

  function announce() {
    document.dispatchEvent(new Event('WeixinJSBridgeReady'));
  }
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', announce);
  } else {
    window.setTimeout(announce, 0);
  }
})();
