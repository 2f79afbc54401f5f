import { t } from './text';

const SHANGHAI = { timeZone: 'Asia/Shanghai', hour12: false } as const;
const CLOCK = new Intl.DateTimeFormat('zh-CN', { ...SHANGHAI, hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MINUTE = new Intl.DateTimeFormat('zh-CN', { ...SHANGHAI, hour: '2-digit', minute: '2-digit' });
const DATE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });

/** @param time Unix milliseconds */
export const clock = (time: number): string => CLOCK.format(time);

/** "14:32" today, "11-23 14:32" this year, else with the year. */
export function moment(time: number, now: number): string {
  const [day, today] = [DATE.format(time), DATE.format(now)];
  if (day === today) return MINUTE.format(time);
  return `${day.slice(0, 4) === today.slice(0, 4) ? day.slice(5) : day} ${MINUTE.format(time)}`;
}

/** @param minute of the day */
export const hour = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** @param seconds Infinity: never */
export function age(seconds: number): string {
  if (!Number.isFinite(seconds)) return t('age.never');
  if (seconds < 60) return t('age.now');
  if (seconds < 3600) return t('age.minutes', Math.floor(seconds / 60));
  return seconds < 2 * 86400 ? t('age.hours', Math.floor(seconds / 3600)) : t('age.days', Math.floor(seconds / 86400));
}

/** @param tenths of a degree */
export const degrees = (tenths: number): string => (tenths / 10).toFixed(1);

/** A fingerprint in groups that can be read aloud. */
export const groups = (hex: string): string => hex.match(/.{1,4}/g)?.join(' ') ?? '';
