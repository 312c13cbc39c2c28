/** Where the scenes of a map stand: layers from the top, few crossings, detours around what lies between. */

const ROUNDS = 6;

/**
 * @typedef {{id: string, layer: number, place: number, bend?: boolean}} Spot place is a column, fractions allowed
 * @typedef {{from: string, to: string, via: Spot[], back: boolean}} Line via are the bends on the way down
 */

/**
 * @param {string[]} scenes first one first
 * @param {{from: string, to: string}[]} edges
 * @returns {{spots: Map<string, Spot>, lines: Line[], layers: number, width: number}} width in columns
 */
export function layout(scenes, edges) {
  const known = new Set(scenes);
  const pairs = unique(edges.filter((edge) => known.has(edge.from) && known.has(edge.to)));
  const back = backward(scenes, pairs);
  const forward = pairs.filter((pair) => !back.has(pair));
  const depth = depths(scenes, forward);
  const spots = new Map(scenes.map((id) => [id, { id, layer: depth.get(id), place: 0 }]));
  const lines = forward.map((pair) => ({ ...pair, back: false, via: bends(pair, depth, spots) }));
  const rows = layered([...spots.values()]);
  settle(rows, links(lines));
  const width = Math.max(...rows.map((row) => row.length), 1);
  lines.push(...[...back].map((pair) => ({ ...pair, back: true, via: [] })));
  return { spots, lines, layers: rows.length, width };
}

function unique(edges) {
  return [...new Map(edges.map((edge) => [`${edge.from} ${edge.to}`, { from: edge.from, to: edge.to }])).values()];
}

/** The edges that close a circle, found by walking down. */
function backward(scenes, pairs) {
  const below = new Map(scenes.map((id) => [id, []]));
  pairs.forEach((pair) => below.get(pair.from).push(pair));
  const back = new Set();
  const state = new Map();
  for (const start of scenes) {
    const trail = state.has(start) ? [] : [[start, 0]];
    if (trail.length) state.set(start, "open");
    while (trail.length) {
      const [id, next] = trail.at(-1);
      const pair = below.get(id)[next];
      if (!pair) {
        state.set(id, "done");
        trail.pop();
        continue;
      }
      trail.at(-1)[1] += 1;
      if (state.get(pair.to) === "open") back.add(pair);
      else if (!state.has(pair.to)) {
        state.set(pair.to, "open");
        trail.push([pair.to, 0]);
      }
    }
  }
  return back;
}

/** The longest way down to each scene, so that every line leads to a lower layer. */
function depths(scenes, forward) {
  const depth = new Map(scenes.map((id) => [id, 0]));
  const waiting = new Map(scenes.map((id) => [id, forward.filter((pair) => pair.to === id).length]));
  const ready = scenes.filter((id) => waiting.get(id) === 0);
  while (ready.length) {
    const id = ready.shift();
    for (const pair of forward.filter((one) => one.from === id)) {
      depth.set(pair.to, Math.max(depth.get(pair.to), depth.get(id) + 1));
      waiting.set(pair.to, waiting.get(pair.to) - 1);
      if (waiting.get(pair.to) === 0) ready.push(pair.to);
    }
  }
  return depth;
}

function bends(pair, depth, spots) {
  const via = [];
  for (let layer = depth.get(pair.from) + 1; layer < depth.get(pair.to); layer += 1) {
    const bend = { id: `${pair.from} ${pair.to} ${layer}`, layer, place: 0, bend: true };
    spots.set(bend.id, bend);
    via.push(bend);
  }
  return via;
}

function layered(spots) {
  const rows = [];
  for (const spot of spots) (rows[spot.layer] ??= []).push(spot);
  return rows;
}

function links(lines) {
  return lines.flatMap((line) => {
    const stops = [line.from, ...line.via.map((bend) => bend.id), line.to];
    return stops.slice(1).map((to, index) => [stops[index], to]);
  });
}

/** Orders each row by where its neighbours stand, down and up again, then centres it. */
function settle(rows, pairs) {
  const spots = new Map(rows.flat().map((spot) => [spot.id, spot]));
  const near = new Map([...spots.keys()].map((id) => [id, { up: [], down: [] }]));
  for (const [from, to] of pairs) {
    near.get(to).up.push(spots.get(from));
    near.get(from).down.push(spots.get(to));
  }
  rows.forEach(spread);
  for (let round = 0; round < ROUNDS; round += 1) {
    const side = round % 2 ? "down" : "up";
    const order = round % 2 ? [...rows].reverse() : rows;
    for (const row of order) {
      const pull = new Map(row.map((spot) => [spot, mean(near.get(spot.id)[side], spot.place)]));
      row.sort((one, two) => pull.get(one) - pull.get(two));
      spread(row);
    }
  }
}

function spread(row) {
  row.forEach((spot, index) => { spot.place = index - (row.length - 1) / 2; });
}

function mean(spots, otherwise) {
  return spots.length ? spots.reduce((sum, spot) => sum + spot.place, 0) / spots.length : otherwise;
}
