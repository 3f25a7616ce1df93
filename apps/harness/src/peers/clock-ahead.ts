// Imported before a program whose machine has a clock that is ahead, by the milliseconds in CLOCK_AHEAD_MS.
const ahead = Number(process.env['CLOCK_AHEAD_MS'])
const now = Date.now
Date.now = () => now() + ahead
