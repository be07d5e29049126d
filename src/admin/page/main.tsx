import './styles/tokens.css';
import './styles/elements.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/lists.css';
import './styles/views.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { startLive } from './live.ts';

startLive();
render(<App />, document.body);
