//! What happened, as far as somebody may be told about it.

/// Something that somebody may be told about.
pub(super) struct Event {
    pub(super) user: usize,
    pub(super) actor: usize,
    pub(super) at: i64,
    pub(super) what: What,
}

/// What the event is about.
#[derive(Clone, Copy)]
pub(super) enum What {
    Like { post: usize },
    Comment { post: usize, number: usize },
    Follow,
    Message { conversation: usize },
}

impl Event {
    /// Notes every `nth` event, and all of those of the first user, whose inbox is the showcase.
    pub(super) fn note(events: &mut Vec<Event>, event: Event, index: usize, nth: usize) {
        let wanted = event.user == 1 || index.is_multiple_of(nth);
        if wanted && event.user != event.actor {
            events.push(event);
        }
    }
}
