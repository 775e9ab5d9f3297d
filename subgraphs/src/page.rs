//! Pages of long lists: bounds of `first`, opaque cursors, and the connection types.

use juniper::GraphQLObject;
use serde::Serialize;

use crate::fault::Fault;

/// The longest page that a client may ask for.
pub(crate) const LONGEST: i32 = 100;

/// The arguments `first` and `after`, checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) first: usize,
    pub(crate) after: Option<i64>,
}

impl Wanted {
    /// `list` is the name in the cursors of this list, so that a cursor of another one is refused.
    pub(crate) fn new(first: i32, after: Option<&str>, list: &str) -> Result<Self, Fault> {
        if !(1..=LONGEST).contains(&first) {
            return Err(Fault::bad_input(format!(
                "`first` must be 1 to {LONGEST}, but it is {first}"
            )));
        }
        let after = after.map(|cursor| read_cursor(cursor, list)).transpose()?;
        Ok(Self { first: first as usize, after })
    }

    /// The slice of a list whose positions fall, as in "newest first".
    pub(crate) fn falling<P>(self, parent: P) -> Slice<P> {
        Slice { parent, after: self.after.unwrap_or(i64::MAX), first: self.first }
    }

    /// The slice of a list whose positions rise.
    pub(crate) fn rising<P>(self, parent: P) -> Slice<P> {
        Slice { parent, after: self.after.unwrap_or(i64::MIN), first: self.first }
    }
}

/// Which part of whose list: the key of the loaders that load pages.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(crate) struct Slice<P> {
    pub(crate) parent: P,
    /// The position that the slice begins behind.
    pub(crate) after: i64,
    pub(crate) first: usize,
}

/// One item of a page with its position in the list.
#[derive(Clone, Debug)]
pub(crate) struct Placed<T> {
    pub(crate) position: i64,
    pub(crate) item: T,
}

/// A page: at most `first` items, and whether more follow.
#[derive(Clone, Debug)]
pub(crate) struct Page<T> {
    pub(crate) items: Vec<Placed<T>>,
    pub(crate) more: bool,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), more: false }
    }
}

impl<T> Page<T> {
    /// Cuts rows, of which one more than `first` were asked for, into a page.
    pub(crate) fn cut(mut items: Vec<Placed<T>>, first: usize) -> Self {
        let more = items.len() > first;
        items.truncate(first);
        Self { items, more }
    }

    pub(crate) fn info(&self, list: &str) -> PageInfo {
        PageInfo {
            has_next_page: self.more,
            end_cursor: self.items.last().map(|last| cursor(list, last.position)),
        }
    }
}

/// Where a page ends.
#[derive(GraphQLObject)]
pub(crate) struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

/// The cursor of a position: the list's name and the position, in hexadecimal digits, so that
/// nobody is tempted to build one by hand.
pub(crate) fn cursor(list: &str, position: i64) -> String {
    format!("{list}:{position}").bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn read_cursor(cursor: &str, list: &str) -> Result<i64, Fault> {
    let refuse = || Fault::bad_input(format!("`after` is not a cursor of the list `{list}`"));
    if cursor.len() > 100 || !cursor.is_ascii() {
        return Err(refuse());
    }
    let bytes: Option<Vec<u8>> = cursor
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(refuse)?;
    let (name, position) = text.split_once(':').ok_or_else(refuse)?;
    if name != list {
        return Err(refuse());
    }
    position.parse().map_err(|_| refuse())
}

/// Defines the connection and edge types of one list: their names, the context, the list's name in
/// cursors, the item that a page holds, how it becomes a node, and further fields of the edge.
macro_rules! connection {
    (
        $Connection:ident of $Edge:ident, context $Context:ty, list $list:literal,
        item $Item:ty, node $Node:ty = $node:expr; $($more:tt)*
    ) => {
        pub(super) struct $Connection(pub(super) $crate::page::Page<$Item>);

        #[derive(Clone)]
        pub(super) struct $Edge($crate::page::Placed<$Item>);

        #[juniper::graphql_object(context = $Context)]
        impl $Connection {
            fn edges(&self) -> Vec<$Edge> {
                self.0.items.iter().cloned().map($Edge).collect()
            }

            fn page_info(&self) -> $crate::page::PageInfo {
                self.0.info($list)
            }
        }

        #[juniper::graphql_object(context = $Context)]
        impl $Edge {
            fn node(&self) -> $Node {
                let node: fn(&$Item) -> $Node = $node;
                node(&self.0.item)
            }

            fn cursor(&self) -> String {
                $crate::page::cursor($list, self.0.position)
            }

            $($more)*
        }
    };
}
pub(crate) use connection;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_by_its_own_list_only() {
        let text = cursor("posts", 42);
        assert_eq!(Wanted::new(1, Some(&text), "posts").unwrap().after, Some(42));
        let error = Wanted::new(1, Some(&text), "users").unwrap_err();
        assert_eq!(&*error.message, "`after` is not a cursor of the list `users`");
    }

    #[test]
    fn garbage_is_refused_as_a_cursor() {
        for garbage in ["", "zz", "7", "ü", "706f7374733a", "706f7374733a78", &"61".repeat(1000)] {
            assert!(Wanted::new(1, Some(garbage), "posts").is_err(), "{garbage}");
        }
    }

    #[test]
    fn first_has_bounds() {
        for wrong in [i32::MIN, -1, 0, 101, i32::MAX] {
            let error = Wanted::new(wrong, None, "posts").unwrap_err();
            assert_eq!(*error.message, *format!("`first` must be 1 to 100, but it is {wrong}"));
        }
        assert_eq!(Wanted::new(100, None, "posts").unwrap().first, 100);
    }
}
