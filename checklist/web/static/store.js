// What the phone itself keeps (IndexedDB): answers that wait to be sent, their photos, and the last board.
// Everything is written before the page says so; it survives a reload, a closed browser and a flat battery.

let db;

export function open(key) {
  return new Promise((resolve, reject) => {
    if (!window.indexedDB) return reject(new Error('no storage'));
    const asked = indexedDB.open('checklist-' + key, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('answers', { keyPath: 'id' });
      asked.result.createObjectStore('photos', { keyPath: 'id' });
      asked.result.createObjectStore('kept');
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => { db = asked.result; resolve(); };
  });
}

// One transaction over several stores: all of it happens or none.
function within(stores, work) {
  return new Promise((resolve, reject) => {
    let result;
    const tx = db.transaction(stores, 'readwrite', { durability: 'strict' });
    tx.oncomplete = () => resolve(result);
    tx.onerror = tx.onabort = () => reject(tx.error || new Error('storage'));
    result = work(...stores.map((name) => tx.objectStore(name)));
  });
}

function read(store, how) {
  return new Promise((resolve, reject) => {
    const asked = how(db.transaction(store).objectStore(store));
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

export const kept = (name) => read('kept', (s) => s.get(name));
export const keep = (name, value) => within(['kept'], (s) => { s.put(value, name); });

export const answers = async () =>
  (await read('answers', (s) => s.getAll())).sort((a, b) => a.seen - b.seen || a.order - b.order);
export const photosOf = async (ids) =>
  (await Promise.all(ids.map((id) => read('photos', (s) => s.get(id))))).filter(Boolean);

export const addPhoto = (photo) => within(['photos'], (s) => { s.put(photo); });
export const dropPhoto = (id) => within(['photos'], (s) => { s.delete(id); });
export const draftPhotos = async (fact) =>
  (await read('photos', (s) => s.getAll())).filter((p) => p.draft === fact);

// A new answer takes the place of earlier ones to the same question that are not on their way.
export const addAnswer = (answer, replaced) => within(['answers', 'photos'], (s, photos) => {
  for (const id of replaced) s.delete(id);
  s.put(answer);
  for (const id of answer.photos) {
    const asked = photos.get(id);
    asked.onsuccess = () => { if (asked.result) photos.put({ ...asked.result, draft: '' }); };
  }
});

// Changes only an answer that is still there: one that was taken back or replaced stays gone.
export const changeAnswer = (id, change) => within(['answers'], (s) => {
  const asked = s.get(id);
  asked.onsuccess = () => { if (asked.result) s.put({ ...asked.result, ...change }); };
});

export const dropAnswer = (answer) => within(['answers', 'photos'], (s, photos) => {
  s.delete(answer.id);
  for (const id of answer.photos) photos.delete(id);
});
