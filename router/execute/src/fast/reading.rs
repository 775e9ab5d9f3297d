//! What was read of an answer, by all who got it together.

use std::fmt;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use super::Unusual;
use super::cells::Table;
use super::parse::parse;
use super::program::{How, Shapes};

/// What the first of those who got an answer read of it. Clones of an answer share it: others who
/// read it by the same shapes need not read it again. It lives as long as the answer does.
#[derive(Clone, Default)]
pub struct Reading(Arc<OnceLock<Read>>);

struct Read {
    shapes: Arc<Shapes>,
    how: How,
    table: Result<Arc<Table>, Unusual>,
}

impl Reading {
    /// The table of an answer, which this is the reading of.
    pub(super) fn table(
        &self,
        shapes: &Arc<Shapes>,
        body: &Bytes,
        how: How,
    ) -> Result<Arc<Table>, Unusual> {
        let read = || parse(shapes, body, how).map(Arc::new);
        let known = self.0.get_or_init(|| Read { shapes: Arc::clone(shapes), how, table: read() });
        let same = Arc::ptr_eq(&known.shapes, shapes) || known.shapes == *shapes;
        if same && known.how == how { known.table.clone() } else { read() }
    }
}

impl fmt::Debug for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.get().is_some() { "Reading(read)" } else { "Reading(unread)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fast::program::Shape;
    use crate::port::SubgraphResponse;
    use crate::response;

    const DEPTH: usize = 600;

    fn how(depth: usize) -> How {
        How { depth, ordered: true }
    }

    /// Whether the reference executor takes a body, and whether the fast one does.
    fn taken(body: Vec<u8>) -> (bool, bool) {
        let answered = SubgraphResponse::new(200, Bytes::from(body));
        let shapes = Arc::new(Shapes { shapes: vec![Shape::default()], lists: 0 });
        let fast = answered.reading.table(&shapes, &answered.body, how(DEPTH)).is_ok();
        (response::read(Ok(answered), DEPTH).is_ok(), fast)
    }

    #[test]
    fn bodies_are_read_by_the_rules_of_json() {
        let inside = |text: &[u8]| [b"{\"data\":{},\"extensions\":", text, b"}"].concat();
        for text in json::cases::valid() {
            assert_eq!(taken(inside(&text)), (true, true), "{}", text.escape_ascii());
        }
        for text in json::cases::invalid() {
            assert_eq!(taken(inside(&text)), (false, false), "{}", text.escape_ascii());
            assert_eq!(taken(text.clone()), (false, false), "{}", text.escape_ascii());
        }
        for text in json::cases::either() {
            // The reference may take more, and then has the last word.
            let (reference, fast) = taken(inside(&text));
            assert!(reference || !fast, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn what_was_read_is_shared_by_those_who_ask_the_same() {
        let answered = SubgraphResponse::new(200, Bytes::from_static(b"{\"data\":{}}"));
        let shapes = || Arc::new(Shapes { shapes: vec![Shape::default()], lists: 0 });
        let table = |answered: &SubgraphResponse, shapes: &Arc<Shapes>, depth| {
            answered.reading.table(shapes, &answered.body, how(depth)).unwrap()
        };
        let first = table(&answered, &shapes(), 9);
        let again = SubgraphResponse::clone(&answered);
        assert!(Arc::ptr_eq(&first, &table(&again, &shapes(), 9)));
        assert!(!Arc::ptr_eq(&first, &table(&again, &shapes(), 8)));
        let other = Shapes { shapes: vec![Shape { fields: Vec::new(), rows: Some(0) }], lists: 1 };
        assert!(!Arc::ptr_eq(&first, &table(&again, &Arc::new(other), 9)));
    }
}
