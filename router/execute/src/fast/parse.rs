//! An answer of a subgraph, read into rows.

use bytes::Bytes;

use super::Unusual;
use super::cells::{Cell, Table};
use super::program::{FetchProgram, Node, Program, Shape, ShapeField};
use super::scan::Scan;

/// Reads the answer to a fetch into its table; the result is the row of `data`. Rows of nodes that
/// parts are about are added to `rows`.
#[inline(never)] // a step that is counted by its name
pub(super) fn parse(
    program: &Program,
    fetch: &FetchProgram,
    (body, depth): (&Bytes, usize),
    table: &mut Table,
    rows: &mut [Vec<u32>],
) -> Result<u32, Unusual> {
    if u32::try_from(body.len()).is_err() || std::str::from_utf8(body).is_err() {
        return Err(Unusual);
    }
    table.body = body.clone();
    // A cell takes more room than most values in a body take bytes.
    table.cells.reserve(body.len() / 24);
    let scan = Scan { text: body, at: 0, depth };
    let mut parse = Parse { program, scan, table, rows, open: Vec::new() };
    let data = parse.response(fetch)?;
    let usual = fetch.needed.iter().all(|slot| {
        !matches!(parse.table.cells.get(data as usize + slot), None | Some(Cell::Absent))
    });
    if usual { Ok(data) } else { Err(Unusual) }
}

struct Parse<'a> {
    program: &'a Program,
    scan: Scan<'a>,
    table: &'a mut Table,
    rows: &'a mut [Vec<u32>],
    /// The items of lists that are not at their end.
    open: Vec<Cell>,
}

impl Parse<'_> {
    /// The whole body: an object with data, without errors.
    fn response(&mut self, fetch: &FetchProgram) -> Result<u32, Unusual> {
        let mut data = None;
        let mut errors = false;
        self.scan.space();
        if self.scan.peek() != Some(b'{') {
            return Err(Unusual);
        }
        let mut more = self.scan.open(b'}')?;
        while more {
            match self.scan.key()? {
                b"\"data\"" if data.is_none() && self.scan.peek() == Some(b'{') => {
                    data = Some(self.object(fetch.data)?);
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
        match data {
            Some(data) if self.scan.at == self.scan.text.len() => Ok(data),
            _ => Err(Unusual),
        }
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
        let program = self.program;
        let shape = &program.shapes[shape];
        let row = self.table.row(shape.width());
        if let Some(node) = shape.node {
            self.rows[node].push(row);
        }
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
        if let Some(field) = shape.fields.get(next) {
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
