// What HANDLERS names where the code of whoever works on a clone must not run.
export default () => {};
