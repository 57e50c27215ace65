// The window's page while the gateway is away. The link leads to the gateway; the shell takes it as "start again".
const query = new URLSearchParams(location.search);
const titles = {
  starting: 'Starting Tollgate …',
  restarting: 'Tollgate is restarting …',
  stopping: 'Finishing open answers …',
  failed: 'Tollgate could not start',
};
const state = query.get('state') ?? 'starting';
document.getElementById('title').textContent = titles[state] ?? titles.starting;
document.getElementById('message').textContent = query.get('message') ?? '';
document.getElementById('hint').hidden = state !== 'failed';
const retry = document.getElementById('retry');
retry.hidden = state !== 'failed';
retry.href = query.get('retry') ?? '#';
