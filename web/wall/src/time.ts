import { text } from './texts';

/** Times as people read them: always of Shanghai, whatever the screen's own clock is set to. */
const shanghai = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', hour12: false, ...options });
const hm = shanghai({ hour: '2-digit', minute: '2-digit' });
const hms = shanghai({ hour: '2-digit', minute: '2-digit', second: '2-digit' });
const ymd = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' });
const weekdays = { zh: new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', weekday: 'long' }), en: new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', weekday: 'long' }) };

export const clock = (at: number) => hms.format(at).replace(/^24/, '00');
export const minute = (at: number) => hm.format(at).replace(/^24/, '00');
export const day = (at: number) => ymd.format(at);
export const weekday = (at: number, language: 'zh' | 'en') => weekdays[language].format(at);

/** 14:32 on the same day, else 11-23 08:00. */
export function moment(at: number, now: number): string {
  return day(at) === day(now) ? minute(at) : `${day(at).slice(5)} ${minute(at)}`;
}

/** How long something lasts, in its two largest units: 4 分, 2 时 10 分, 3 天 4 时. */
export function lasting(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
  if (minutes < 1) return text('under-a-minute');
  if (minutes < 60) return text('minutes', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? text('hours-minutes', hours, minutes % 60) : text('hours', hours);
  const days = Math.floor(hours / 24);
  return hours % 24 ? text('days-hours', days, hours % 24) : text('days', days);
}

/** Left until an end, rounded up to days once it is more than one: 剩 3 天. */
export function left(milliseconds: number): string {
  return milliseconds > 86_400_000 ? text('days-left', Math.ceil(milliseconds / 86_400_000)) : text('left', lasting(milliseconds));
}
