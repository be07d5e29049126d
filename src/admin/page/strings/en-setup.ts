/** Texts of the view Set up. `{…}` in a sentence is a placeholder. */
export const setup = {
  welcome: 'No callback has come yet',
  intro: 'Three steps, and the groups of your app appear here as they are created.',
  demo: 'This is a demo with an invented app. Set SDK_APP_ID to receive the callbacks of yours.',
  unsigned: 'Unsigned callbacks are taken. Switch authentication on in the console and set CALLBACK_TOKEN.',
  url: {
    heading: 'Enter the callback URL',
    text: 'In the console of Tencent Chat, enter this address as callback URL and tick “After a group is created” and what else you need.',
    query:
      'Enter it as it is here: the vendor itself adds the parameters of each callback, such as {app} and {command}, and {sign} once authentication is switched on.',
    copy: 'the callback URL',
    local: 'This address is reachable from this machine only. The vendor needs one that the internet reaches:',
    docs: 'docs/deploy.md',
    ways: [
      'To stay: a domain and a proxy with a certificate in front of the receiver, as {docs} shows step by step.',
      'To try: a tunnel, a program that gives this port an address on the internet.',
    ],
    setting: 'Then set {setting} to that address: it is shown here to copy, and checked.',
    mounted:
      'The app that has mounted the receiver knows its address: it is that of the app, with the path of the mount. Give it as the option {setting}, and it is shown here.',
    checking: 'Asking the address from here…',
    reached: 'Asked from here, a receiver of callbacks answers at this address.',
    unknown:
      'Whether the internet reaches this address is not known: from here it could not be asked, which many networks forbid. The console’s probe will show it.',
  },
  trigger: {
    heading: 'Play the vendor',
    text: 'Without the console: this command, in the folder of the receiver, sends the sample callback of the vendor’s documentation.',
    copy: 'the command',
  },
  test: {
    heading: 'Send a test callback',
    text: 'The receiver sends itself a callback through its real endpoint. It creates a group that you then see in the list.',
    sending: 'Sending…',
    answer: 'The receiver answered',
    look: 'Look at the group',
  },
  facts: 'This receiver',
  sdkAppId: 'SDKAppID',
  version: 'Version',
  database: 'Database',
  signature: 'Signature',
  signed: 'checked',
  notSigned: 'not checked',
  guide: 'How the console is configured',

  arrivals: {
    heading: 'What has arrived',
    since: 'Counted since this process started, {time}.',
    probe: 'Probe of the console',
    noProbe: 'none yet: the console sends one when the URL is saved there',
    signed: 'Signed callbacks',
    noSigned: 'none yet',
    refused: 'Refused signatures',
    noRefused: 'none',
    refusedHelp:
      'Token and clock have to be right: CALLBACK_TOKEN must be that of the console, and the clock of this machine exact.',
    unchecked: 'not checked: CALLBACK_TOKEN is not set, so anybody who knows the URL can send callbacks',
    times: (count: number, number: string) => (count === 1 ? 'once, last' : `${number} times, last`),
  },
  commands: {
    heading: 'Commands of the last 24 hours',
    none: 'No callback came in the last 24 hours.',
    command: 'Command',
    count: 'Callbacks',
    last: 'Last',
    other: 'Other families',
    over: (number: string) => `over ${number}`,
    missing: 'Expected, but did not come',
    missingHelp:
      'A handler or a rule of the app names them, or {setting} does. Which ones are ticked can be read in the vendor’s console alone: look there.',
    never: 'never stored',
    allCame: 'All commands that the app expects came in the last 24 hours.',
    noExpected:
      'Name the commands that are ticked in the console in {setting}, and those that never come are shown here.',
    more: (count: number) => `${count} more that did not come`,
    incomplete: 'More different commands are stored than can be listed.',
  },
};
