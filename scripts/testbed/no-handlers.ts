// HANDLERS of receivers that tests start: a clone may have a src/handlers.ts, which must not run there.
export default () => {};
