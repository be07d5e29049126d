// HANDLERS of receivers that tests start: a src/handlers.ts in the clone must not run there.
export default () => {};
