/** The languages of the documentation. */
export type Language = 'en' | 'zh';

/** The heads of generated tables. */
export const WORDS = {
  en: {
    name: 'Name',
    byDefault: 'Default',
    none: 'none',
    comma: ', ',
    value: 'Value',
    option: 'Option',
    family: 'Family',
    commands: 'Commands',
    about: 'About',
    command: 'Command',
    sent: 'Sent',
    decides: 'The reply decides',
  },
  zh: {
    name: '名称',
    byDefault: '默认值',
    none: '无',
    comma: '、',
    value: '取值',
    option: '选项',
    family: '类别',
    commands: '命令数',
    about: '内容',
    command: '回调命令',
    sent: '触发时机',
    decides: '应答的作用',
  },
} as const satisfies Record<Language, Record<string, string>>;
