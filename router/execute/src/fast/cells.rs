//! Rows: what a subgraph answered, as places in its body.

use bytes::Bytes;

use super::program::{Program, Source};

/// One value of a row or of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// Nothing came, or not yet.
    Absent,
    Null,
    /// A leaf: a place in the body.
    Leaf {
        at: u32,
        len: u32,
    },
    /// An object: where its row begins.
    Row(u32),
    /// A list: a place in the items.
    List {
        at: u32,
        len: u32,
    },
}

impl Cell {
    pub(super) fn is_null(self) -> bool {
        matches!(self, Cell::Absent | Cell::Null)
    }
}

/// What one fetch brought.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub body: Bytes,
    /// The rows, one behind the other.
    pub cells: Vec<Cell>,
    /// The items of lists.
    pub items: Vec<Cell>,
    /// When the fetch ended, among the others.
    pub turn: u32,
}

impl Table {
    pub(super) fn items(&self, at: u32, len: u32) -> &[Cell] {
        &self.items[at as usize..(at + len) as usize]
    }

    pub(super) fn text(&self, at: u32, len: u32) -> &[u8] {
        &self.body[at as usize..(at + len) as usize]
    }

    /// A new row of absent cells.
    pub(super) fn row(&mut self, width: usize) -> u32 {
        let row = self.cells.len();
        self.cells.resize(row + width, Cell::Absent);
        u32::try_from(row).unwrap_or(u32::MAX)
    }
}

/// What all fetches brought so far: a table for each, and one with the row of the root.
#[derive(Debug)]
pub(super) struct Store {
    pub tables: Vec<Table>,
    /// The rows of each node that parts are about, in the order in which they came.
    pub rows: Vec<Vec<u32>>,
}

impl Store {
    pub(super) fn new(program: &Program) -> Self {
        let mut tables: Vec<Table> = Vec::new();
        tables.resize_with(program.fetches.len() + 1, Table::default);
        let mut rows = vec![Vec::new(); program.nodes.len()];
        let width = program.shapes[program.nodes[0].shape].width();
        if let (Some(root), Some(of_root)) = (tables.last_mut(), rows.first_mut()) {
            of_root.push(root.row(width));
        }
        Self { tables, rows }
    }

    /// A cell of a row of a table.
    pub(super) fn cell(&self, table: usize, row: u32, slot: usize) -> Cell {
        self.tables[table].cells[row as usize + slot]
    }

    /// The value at one of the places where it can be, with its table; `table` and `row` are those
    /// of the object.
    pub(super) fn value(&self, sources: &[Source], table: usize, row: u32) -> (usize, Cell) {
        if let [source] = sources {
            return (source.table, self.at(source, table, row));
        }
        let cells = || sources.iter().map(|source| (source.table, self.at(source, table, row)));
        let told = cells().filter(|(_, cell)| !cell.is_null());
        let first = told.min_by_key(|(table, _)| self.tables[*table].turn);
        let null = || cells().find(|(_, cell)| *cell == Cell::Null);
        first.or_else(null).unwrap_or((table, Cell::Absent))
    }

    fn at(&self, source: &Source, table: usize, row: u32) -> Cell {
        let Some(link) = source.link else { return self.cell(table, row, source.slot) };
        match self.cell(table, row, link) {
            Cell::Row(row) => self.cell(source.table, row, source.slot),
            _ => Cell::Absent,
        }
    }
}
