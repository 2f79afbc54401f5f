import { App } from './ui/app';

void new App(document.getElementById('app')!).start();
