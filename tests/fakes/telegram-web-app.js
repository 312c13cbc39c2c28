/* Stands in for https://telegram.org/js/telegram-web-app.js: it reads the address as that does, and notes what it is told. */
(() => {
  const facts = new URLSearchParams(location.hash.slice(1));
  const told = [];
  const note = (name) => (...said) => { told.push([name, ...said]); };
  let back = () => {};
  window.Telegram = { WebApp: {
    told,
    initData: facts.get("tgWebAppData") ?? "",
    themeParams: JSON.parse(facts.get("tgWebAppThemeParams") ?? "{}"),
    isVersionAtLeast: (version) => Number(facts.get("tgWebAppVersion")) >= Number(version),
    BackButton: { show: note("back shown"), hide: note("back hidden"), onClick: (deed) => { back = deed; } },
    pressBack: () => back(),
    ready: note("ready"), expand: note("expand"), close: note("close"), onEvent: note("onEvent"),
    disableClosingConfirmation: note("disableClosingConfirmation"), disableVerticalSwipes: note("disableVerticalSwipes"),
    setHeaderColor: note("setHeaderColor"), setBackgroundColor: note("setBackgroundColor"),
  } };
  document.documentElement.style.setProperty("--tg-content-safe-area-inset-top", "46px");
})();
