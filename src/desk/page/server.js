/* The desk on the other side: one door, and a notice when it is closed. */

const TOKEN = new URLSearchParams(location.search).get('token') || '';

async function ask(path, body, type = 'application/json') {
  let response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'X-Postlint-Token': TOKEN, 'Content-Type': type },
      body: type === 'application/json' ? JSON.stringify(body) : body,
      cache: 'no-store',
      credentials: 'omit',
    });
  } catch {
    notice('The desk has closed, so nothing is being checked. Your draft is still here. Copy it, then start “postlint desk” again.');
    throw new Error('closed');
  }
  if (!response.ok) {
    const why = (await response.text()).trim();
    notice(why);
    throw new Error(why);
  }
  return response.json();
}

/** A notice above everything; an empty one goes. */
function notice(text) {
  byId('notice-text').textContent = text;
  byId('notice').hidden = !text;
}

let announceTimer = 0;
/** Tells a screen reader, once typing rests. */
function announce(text, wait = 0) {
  clearTimeout(announceTimer);
  announceTimer = setTimeout(() => { byId('live').textContent = text; }, wait);
}
