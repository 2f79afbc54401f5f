const zh = {
  title: '通行证',
  asking: '正在读取…',
  'no-crypto': '这个浏览器不能安全保存通行证。请用 https 地址，在手机自带的浏览器里打开。',
  'sign-in': '请先登录，再把通行证放到这台手机上。',
  'sign-in-go': '登录',
  none: '还没有可放到手机上的通行证。',
  apply: '去申请',
  offline: '现在没有网络。第一次使用需要联网。',
  again: '再试一次',
  bind: '放到这台手机上',
  'bind-hint': '绑定后，只有这台手机能出示这张证；截屏和转发都无效。',
  move: '已在另一部手机上。换到这部手机后，那部手机上的码立即作废。',
  'move-go': '换到这部手机',
  'move-sure': '再点一次确认',
  suspended: '暂停使用，请联系居委会。',
  expired: '已过期，请续期。',
  until: '有效期至 {0}',
  carried: '（代持）',
  fresh: '{0} 秒后更新',
  scan: '扫门岗屏幕上的码',
  scanning: '把门岗屏幕上的码放进画面',
  scanned: '已对上门岗，请在 30 秒内出示',
  'no-camera': '不能使用摄像头。请在浏览器设置里允许。',
  close: '关闭',
  more: '我的社区',
  other: 'English',
  'clock-off': '手机时间不准，已按服务器校正。',
  stale: '没有网络，码仍然有效。',
};
const en: typeof zh = {
  title: 'Pass',
  asking: 'Reading …',
  'no-crypto': 'This browser cannot keep a pass safely. Use the https address in the phone’s own browser.',
  'sign-in': 'Sign in first, then put your pass on this phone.',
  'sign-in-go': 'Sign in',
  none: 'There is no pass to put on a phone yet.',
  apply: 'Apply for one',
  offline: 'No network. The first time needs it.',
  again: 'Try again',
  bind: 'Put on this phone',
  'bind-hint': 'Then only this phone can show it; screenshots and forwarded pictures are worth nothing.',
  move: 'It is on another phone. Once it is on this one, the code on the other ends at once.',
  'move-go': 'Move to this phone',
  'move-sure': 'Tap again to confirm',
  suspended: 'Not to be used now: please call the community office.',
  expired: 'It has expired: renew it.',
  until: 'Valid to {0}',
  carried: ' (carried)',
  fresh: 'new in {0} s',
  scan: 'Scan the gate’s screen',
  scanning: 'Hold the code on the gate’s screen into the picture',
  scanned: 'Matched with the gate: show it within 30 seconds',
  'no-camera': 'The camera cannot be used. Allow it in the browser’s settings.',
  close: 'Close',
  more: 'My community',
  other: '中文',
  'clock-off': 'The phone’s clock is wrong; corrected by the server’s.',
  stale: 'No network: the code is good all the same.',
};

export type TextKey = keyof typeof zh;
const KEPT = 'liren-pass-language';

const first = (): 'zh' | 'en' => {
  const kept = localStorage.getItem(KEPT);
  return kept === 'en' || kept === 'zh' ? kept : navigator.language.startsWith('zh') ? 'zh' : navigator.language === '' ? 'zh' : 'en';
};
let language = first();
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export const t = (key: TextKey, ...values: (string | number)[]): string => (language === 'zh' ? zh : en)[key].replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)]));

export function switchLanguage(): void {
  language = language === 'zh' ? 'en' : 'zh';
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
