const HOURLY = 60 * 60_000;

/** Registers the service worker; tells when a new version waits. The page never reloads by itself: a gate must not go blank in mid-shift. */
export async function watchForUpdates(waiting: () => void): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/gate/sw.js', { scope: '/gate/', updateViaCache: 'none' });
  const look = (): void => {
    if (registration.waiting !== null && navigator.serviceWorker.controller !== null) waiting();
  };
  look();
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
  // Offline it fails, and is tried again an hour later.
  setInterval(() => void registration.update().catch(() => undefined), HOURLY);
}

/** The guard asked for it. */
export async function takeUpdate(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/gate/');
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registration?.waiting?.postMessage('take over');
}
