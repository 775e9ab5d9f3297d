//! What was worked out of decisions and waves, for one question after the other.

/// What is known of a decision when its object is there from a wave on.
#[derive(Clone, Copy)]
pub(super) enum Known<T> {
    Unknown,
    /// It is being worked out: what needs itself has no end.
    Open,
    Is(Option<T>),
}

/// What is known of all decisions. To forget it takes no time: what was noted for another question
/// than the current one counts as unknown.
pub(super) struct Memo<T> {
    cells: Vec<(u32, Known<T>)>,
    question: u32,
    width: usize,
}

impl<T: Copy> Memo<T> {
    pub(super) fn new() -> Self {
        Self { cells: Vec::new(), question: 0, width: 0 }
    }

    /// Forgets everything, for so many decisions and waves.
    pub(super) fn begin(&mut self, decisions: usize, waves: usize) {
        self.width = waves;
        self.question += 1;
        if self.cells.len() < decisions * waves {
            self.cells.resize(decisions * waves, (0, Known::Unknown));
        }
    }

    /// How many waves are told apart.
    pub(super) fn waves(&self) -> usize {
        self.width
    }

    pub(super) fn look(&self, decision: u32, wave: u8) -> Known<T> {
        match self.cells[self.at(decision, wave)] {
            (question, known) if question == self.question => known,
            _ => Known::Unknown,
        }
    }

    pub(super) fn note(&mut self, decision: u32, wave: u8, known: Known<T>) {
        let at = self.at(decision, wave);
        self.cells[at] = (self.question, known);
    }

    fn at(&self, decision: u32, wave: u8) -> usize {
        decision as usize * self.width + usize::from(wave)
    }
}
