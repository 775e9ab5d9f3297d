//! An answer of a subgraph, read into rows.

use bytes::Bytes;

use super::Unusual;
use super::cells::{Cell, Table};
use super::program::{How, Node, Shape, ShapeField, Shapes};
use super::scan::Scan;

/// Reads an answer into a table, in which `data` is the first row.
#[inline(never)] // a step that is counted by its name
pub(super) fn parse(shapes: &Shapes, body: &Bytes, how: How) -> Result<Table, Unusual> {
    if u32::try_from(body.len()).is_err() || json::utf8(body).is_err() {
        return Err(Unusual);
    }
    let mut table = Table { body: Bytes::clone(body), ..Table::default() };
    table.rows.resize_with(shapes.lists, Vec::new);
    // A cell takes more room than most values in a body take bytes.
    table.cells.reserve(body.len() / 24);
    let scan = Scan { text: body, at: 0, depth: how.depth };
    let ordered = how.ordered;
    let mut parse = Parse { shapes: &shapes.shapes, ordered, scan, table, open: Vec::new() };
    parse.response()?;
    Ok(parse.table)
}

/// Reads one more entity into a table: the value at a place of a text, as an item of the list in a slot
/// of `data`.
pub(super) fn entity(
    shapes: &Shapes,
    table: &mut Table,
    (text, at): (&[u8], usize),
    (slot, how): (usize, How),
) -> Result<Cell, Unusual> {
    let scan = Scan { text, at, depth: how.depth };
    let (shapes, ordered) = (&shapes.shapes, how.ordered);
    let mut parse = Parse { shapes, ordered, scan, table: std::mem::take(table), open: Vec::new() };
    let item = parse.value(&shapes[0].fields[slot], 0);
    *table = parse.table;
    item
}

struct Parse<'a> {
    shapes: &'a [Shape],
    ordered: bool,
    scan: Scan<'a>,
    table: Table,
    /// The items of lists that are not at their end.
    open: Vec<Cell>,
}

impl Parse<'_> {
    /// The whole body: an object with data, without errors.
    fn response(&mut self) -> Result<(), Unusual> {
        let mut data = false;
        let mut errors = false;
        self.scan.space();
        if self.scan.peek() != Some(b'{') {
            return Err(Unusual);
        }
        let mut more = self.scan.open(b'}')?;
        while more {
            match self.scan.key()? {
                b"\"data\"" if !data && self.scan.peek() == Some(b'{') => {
                    data = true;
                    self.object(0)?;
                }
                b"\"data\"" => return Err(Unusual),
                b"\"errors\"" if !errors => {
                    errors = true;
                    self.no_errors()?;
                }
                b"\"errors\"" => return Err(Unusual),
                _ => self.scan.value()?,
            }
            more = self.scan.more(b'}')?;
        }
        self.scan.space();
        if data && self.scan.at == self.scan.text.len() { Ok(()) } else { Err(Unusual) }
    }

    /// `null` or `[]`
    fn no_errors(&mut self) -> Result<(), Unusual> {
        match self.scan.peek() {
            Some(b'n') => self.scan.word(b"null"),
            Some(b'[') => match self.scan.open(b']')? {
                true => Err(Unusual),
                false => {
                    self.scan.depth += 1;
                    Ok(())
                }
            },
            _ => Err(Unusual),
        }
    }

    /// An object, of which every key is expected, and once.
    fn object(&mut self, shape: usize) -> Result<u32, Unusual> {
        let shape = &self.shapes[shape];
        let row = self.table.row(shape);
        let mut more = self.scan.open(b'}')?;
        let mut next = 0;
        while more {
            let slot = self.field(shape, next)?;
            next = slot + 1;
            let field = &shape.fields[slot];
            let value = self.value(field, field.levels)?;
            let cell = &mut self.table.cells[row as usize + slot];
            if *cell != Cell::Absent {
                return Err(Unusual);
            }
            *cell = value;
            more = self.scan.more(b'}')?;
        }
        self.scan.depth += 1;
        Ok(row)
    }

    /// Goes past a key; the result is its slot. Subgraphs answer in the order of the document, so
    /// the next field is nearly always the one that comes.
    fn field(&mut self, shape: &Shape, next: usize) -> Result<usize, Unusual> {
        if let Some(field) = shape.fields.get(next).filter(|_| self.ordered) {
            let rest = &self.scan.text[self.scan.at..];
            if let Some(rest) = rest.strip_prefix(&*field.wire)
                && rest.first() == Some(&b':')
            {
                self.scan.at += field.wire.len() + 1;
                self.scan.space();
                return Ok(next);
            }
        }
        let key = self.scan.key()?;
        shape.fields.iter().position(|field| *field.wire == *key).ok_or(Unusual)
    }

    /// A value inside as many lists as are left.
    fn value(&mut self, field: &ShapeField, levels: u8) -> Result<Cell, Unusual> {
        match (self.scan.peek(), field.child) {
            (Some(b'n'), _) => self.scan.word(b"null").map(|()| Cell::Null),
            (Some(b'['), _) if levels > 0 => self.list(field, levels - 1),
            _ if levels > 0 => Err(Unusual),
            (Some(b'{'), Some(shape)) => self.object(shape).map(Cell::Row),
            (_, Some(_)) => Err(Unusual),
            (_, None) => {
                let start = self.scan.at;
                self.scan.value()?;
                let len = small(self.scan.at - start)?;
                Ok(Cell::Leaf { at: small(start)?, len })
            }
        }
    }

    fn list(&mut self, field: &ShapeField, levels: u8) -> Result<Cell, Unusual> {
        let start = self.open.len();
        let mut more = self.scan.open(b']')?;
        while more {
            let item = self.value(field, levels)?;
            self.open.push(item);
            more = self.scan.more(b']')?;
        }
        self.scan.depth += 1;
        let at = small(self.table.items.len())?;
        self.table.items.extend(self.open.drain(start..));
        Ok(Cell::List { at, len: small(self.table.items.len())? - at })
    }
}

fn small(number: usize) -> Result<u32, Unusual> {
    u32::try_from(number).map_err(|_| Unusual)
}

impl Node {
    /// The type that a name in quotes says; `Unusual` when it is none that the node can have.
    pub(super) fn type_of(&self, name: &[u8]) -> Result<schema::TypeId, Unusual> {
        let known = self.names.iter().find(|(known, _)| **known == *name);
        known.map(|(_, ty)| *ty).ok_or(Unusual)
    }
}
