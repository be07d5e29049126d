const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", sans-serif';
const CODE_FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace';

const typography = {
  fontSize: '16px',
  lineHeight: '1.55',
  fontFamily: FONT,
  headings: { fontFamily: FONT, fontWeight: '600' },
  code: { fontFamily: CODE_FONT, fontSize: '13px', color: '#8a1f11' },
};

// The contrast that WCAG AA requires, even on the grey of nested lists.
const LIGHT = {
  colors: { primary: { main: '#0b57a4' } },
  schema: { typeNameColor: '#333', typeTitleColor: '#333' },
  typography,
  sidebar: { width: '280px' },
};

/** The colours of a reply; by default, Redoc derives them from a light page. */
const reply = (color: string, backgroundColor: string) => ({ color, backgroundColor, tabTextColor: color });

/** The colours of the admin page. */
const DARK = {
  colors: {
    primary: { main: '#7cb8f2', light: '#a3cdf6', dark: '#9cc9f5' },
    success: { main: '#5fd0a0' },
    error: { main: '#ff9d7a' },
    warning: { main: '#edbe62', dark: '#edbe62' },
    gray: { 50: '#181c23', 100: '#222832' },
    text: { primary: '#e6e9ee', secondary: '#a0a9b6' },
    border: { dark: '#2b313b', light: '#2b313b' },
    responses: {
      success: reply('#5fd0a0', '#12291f'),
      error: reply('#ff9d7a', '#331a12'),
      redirect: reply('#edbe62', '#2e2410'),
      info: reply('#7cb8f2', '#1b2a3d'),
    },
  },
  schema: {
    linesColor: '#4a5566',
    typeNameColor: '#c3cad4',
    typeTitleColor: '#c3cad4',
    requireLabelColor: '#ff9d7a',
    nestedBackground: '#181c23',
    arrow: { color: '#a0a9b6' },
  },
  typography: {
    ...typography,
    code: { ...typography.code, color: '#ffb59b', backgroundColor: '#222832' },
    links: { color: '#7cb8f2', visited: '#7cb8f2', hover: '#a3cdf6' },
  },
  sidebar: {
    width: '280px',
    backgroundColor: '#181c23',
    textColor: '#e6e9ee',
    activeTextColor: '#7cb8f2',
    groupItems: { activeBackgroundColor: '#222832', activeTextColor: '#7cb8f2' },
    level1Items: { activeBackgroundColor: '#222832', activeTextColor: '#7cb8f2' },
    arrow: { color: '#e6e9ee' },
  },
  rightPanel: {
    backgroundColor: '#0c0f13',
    textColor: '#e6e9ee',
    servers: { overlay: { backgroundColor: '#181c23', textColor: '#e6e9ee' }, url: { backgroundColor: '#0c0f13' } },
  },
  codeBlock: { backgroundColor: '#181c23' },
  fab: { backgroundColor: '#222832', color: '#7cb8f2' },
};

/** Redoc's theme, which is fixed once Redoc has started. */
export const themeOf = (dark: boolean) => (dark ? DARK : LIGHT);
