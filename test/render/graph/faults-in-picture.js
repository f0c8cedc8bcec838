// Runs in the browser. What is wrong with a picture as it is really drawn, as sentences; none where all is well.
// biome-ignore lint/correctness/noUnusedVariables: the page calls it
function faultsIn(svg) {
  const page = svg.getBoundingClientRect();
  const faults = [];
  const name = (element) => JSON.stringify(element.textContent);
  const inside = (inner, outer, slack) =>
    inner.left >= outer.left - slack &&
    inner.right <= outer.right + slack &&
    inner.top >= outer.top - slack &&
    inner.bottom <= outer.bottom + slack;
  const texts = [...svg.querySelectorAll('text')].map((element) => ({ element, rect: inkOf(element) }));
  // Measured once: there are thousands of pairs.
  const framed = (selector) =>
    [...svg.querySelectorAll(selector)].map((element) => ({
      element,
      group: element.parentElement,
      rect: element.getBoundingClientRect(),
    }));
  const boxes = framed('.box').filter(({ group }) => !group.classList.contains('host'));

  // Nothing is clipped, by the picture's edge or that of the box that a text is in.
  for (const element of svg.querySelectorAll('text, rect, path, circle')) {
    if (!inside(element.getBoundingClientRect(), page, 0.5)) faults.push(`${element.tagName} ${name(element)} leaves the picture`);
  }
  for (const { element, rect } of texts) {
    const frame = frameOf(element);
    if (frame && !inside(rect, frame.getBoundingClientRect(), 0.5)) faults.push(`${name(element)} leaves its box`);
  }
  // No two labels overlap.
  texts.forEach(({ element, rect }, index) => {
    for (const other of texts.slice(index + 1)) {
      if (meet(rect, other.rect, 0.5)) faults.push(`${name(element)} and ${name(other.element)} overlap`);
    }
  });
  // Nor boxes, nor cells.
  const frames = [...boxes, ...framed('.cell')];
  frames.forEach((box, index) => {
    for (const other of frames.slice(index + 1)) {
      const nested = box.group.contains(other.element) || other.group.contains(box.element);
      if (!nested && meet(box.rect, other.rect, 0.5)) faults.push(`${name(box.group)} and ${name(other.group)} overlap`);
    }
  });
  // No line runs through a label or a box.
  for (const line of svg.querySelectorAll('.wire')) {
    const toPage = line.getScreenCTM();
    for (let at = 0; at <= line.getTotalLength(); at += 3) {
      const { x, y } = line.getPointAtLength(at).matrixTransform(toPage);
      const point = { left: x, right: x, top: y, bottom: y };
      for (const { element, rect } of texts) {
        if (!line.parentElement.contains(element) && meet(point, rect, 0)) faults.push(`a line runs through ${name(element)}`);
      }
      for (const box of boxes) {
        if (meet(point, box.rect, 3)) faults.push(`a line runs through the box ${name(box.group)}`);
      }
    }
  }
  // Texts can be read: not too small, and not much narrower or wider than their font has them.
  for (const { element } of texts) {
    if (Number.parseFloat(getComputedStyle(element).fontSize) < 10) faults.push(`${name(element)} is too small`);
    const given = Number(element.getAttribute('textLength'));
    element.removeAttribute('textLength');
    const natural = element.getComputedTextLength();
    if (given === 0 || given / natural < 0.75 || given / natural > 1.3)
      faults.push(`${name(element)} is ${given} wide instead of ${natural}`);
  }
  return [...new Set(faults)];

  // The em box of a text is higher than anything that is drawn of it: a line's leading is not its ink.
  function inkOf(element) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const spare = (bottom - top - Number.parseFloat(getComputedStyle(element).fontSize)) / 2;
    return { left, right, top: top + Math.max(0, spare), bottom: bottom - Math.max(0, spare) };
  }

  function frameOf(element) {
    for (let group = element.parentElement; group && group !== svg; group = group.parentElement) {
      const frame = group.querySelector(':scope > .box, :scope > .cell, :scope > .label');
      if (frame) return frame;
    }
    return undefined;
  }

  function meet(a, b, slack) {
    return a.left < b.right - slack && b.left < a.right - slack && a.top < b.bottom - slack && b.top < a.bottom - slack;
  }
}
