//! When the requests of a plan are sent and answered, if each takes as long as it is said to: each
//! is sent as soon as those that it waits for are answered.

/// What a request is taken to need as long as nobody knows better, in milliseconds.
pub const ASSUMED: f64 = 10.0;

/// Floating-point sums of the same numbers may differ by less than this.
const NOTHING: f64 = 1e-6;

/// When a request is sent and answered, in milliseconds since the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Slot {
    pub(crate) sent: f64,
    pub(crate) answered: f64,
    /// How much longer it may take without making the whole take longer.
    pub(crate) spare: f64,
}

impl Slot {
    /// Whether the whole takes longer if this request does.
    pub(crate) fn critical(&self) -> bool {
        self.spare < NOTHING
    }
}

/// The slots of requests. `waits` has for each the ones before it that it waits for, `takes` how many
/// milliseconds it needs.
pub(crate) fn schedule(waits: &[&[usize]], takes: &[f64]) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::with_capacity(waits.len());
    for (after, takes) in waits.iter().zip(takes) {
        let sent = after.iter().map(|at| slots[*at].answered).fold(0.0, f64::max);
        slots.push(Slot { sent, answered: sent + takes, spare: 0.0 });
    }
    let end = end(&slots);
    let mut latest = vec![end; slots.len()];
    for (index, after) in waits.iter().enumerate().rev() {
        slots[index].spare = latest[index] - slots[index].answered;
        for at in *after {
            latest[*at] = latest[*at].min(latest[index] - takes[index]);
        }
    }
    slots
}

/// When the last request is answered.
pub(crate) fn end(slots: &[Slot]) -> f64 {
    slots.iter().map(|slot| slot.answered).fold(0.0, f64::max)
}

/// How much earlier the whole would end without one of the requests, if those that wait for it waited
/// for what it waits for.
pub(crate) fn saved(waits: &[&[usize]], takes: &[f64], without: usize) -> f64 {
    let mut shorter = takes.to_vec();
    shorter[without] = 0.0;
    let saved = end(&schedule(waits, takes)) - end(&schedule(waits, &shorter));
    if saved < NOTHING { 0.0 } else { saved }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_waits_for_the_longest_way() {
        // 0, then 1 and 2 side by side, then 3 after both.
        let waits: [&[usize]; 4] = [&[], &[0], &[0], &[1, 2]];
        let takes = [5.0, 10.0, 30.0, 1.0];
        let slots = schedule(&waits, &takes);
        assert_eq!(end(&slots), 36.0);
        let critical: Vec<bool> = slots.iter().map(Slot::critical).collect();
        assert_eq!(critical, [true, false, true, true]);
        assert_eq!((slots[1].sent, slots[1].answered, slots[1].spare), (5.0, 15.0, 20.0));
        // Without the slow one, the other is what the whole waits for.
        assert_eq!(saved(&waits, &takes, 2), 20.0);
        assert_eq!(saved(&waits, &takes, 1), 0.0);
        assert_eq!(end(&schedule(&[], &[])), 0.0);
    }
}
