// Times, as the journal has them.
"use strict";

const ZONE_CHANGED = Date.UTC(2024, 1, 29, 18), HOUR = 3600000;
// Times of Kazakhstan, as the journal has them; a browser's own tables may be older than the change of 2024.
const two = (value) => String(value).padStart(2, "0");
const local = (ms) => new Date(ms + (ms < ZONE_CHANGED ? 6 : 5) * HOUR);
const millis = (instant) => Date.parse(instant);
const clockOf = (ms) => { const at = local(ms); return `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`; };
const dayOf = (ms) => { const at = local(ms); return `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()}`; };
const momentOf = (ms) => `${dayOf(ms)} ${clockOf(ms)}`;
const moment = (instant) => (instant ? momentOf(millis(instant)) : "–");
const plainDay = (text) => (text ? text.split("-").reverse().join(".") : "–");
