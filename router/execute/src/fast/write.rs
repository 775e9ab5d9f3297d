//! The client's answer, written from rows.

use json::Object;
use schema::{Schema, TypeId};

use super::Unusual;
use super::cells::{Cell, Store};
use super::program::{ByType, Class, Objects, OutField, OutKind, OutValue, Place, Program};
use crate::scalar::is_int;

/// An answer.
#[derive(Debug)]
pub(super) struct Written {
    /// `{"data":{…}`, without the last brace.
    pub text: Vec<u8>,
    /// What the values of the answer cost.
    pub cost: u64,
}

/// Writes the answer, of at most `most` bytes.
#[inline(never)] // a step that is counted by its name
pub(super) fn write(
    program: &Program,
    schema: &Schema,
    (store, variables): (&Store, &Object),
    most: usize,
) -> Result<Written, Unusual> {
    let counters = vec![0; program.counters()];
    // What is a little too small would be copied whole.
    let likely = store.tables.iter().map(|table| table.body.len()).sum::<usize>() / 4 * 5;
    let out = Vec::with_capacity(likely.min(most) + 64);
    let mut writer = Writer { program, schema, store, most, out, counters };
    writer.out.extend_from_slice(b"{\"data\":");
    writer.object(&program.root, 0)?;
    let costs = program.classes.iter().flat_map(|class| &class.fields);
    let costs = costs.filter_map(|field| field.cost.as_ref());
    let cost = costs.fold(0u64, |sum, cost| {
        let (times, values) = (writer.counters[cost.counter], writer.counters[cost.counter + 1]);
        let counted = (times, values);
        let cost = operation::counted(schema, variables, (cost.field, &cost.arguments), counted);
        sum.saturating_add(cost)
    });
    Ok(Written { text: writer.out, cost })
}

struct Writer<'a> {
    program: &'a Program,
    schema: &'a Schema,
    store: &'a Store,
    most: usize,
    out: Vec<u8>,
    counters: Vec<u64>,
}

impl<'a> Writer<'a> {
    fn object(&mut self, objects: &'a Objects, row: u32) -> Result<(), Unusual> {
        let program = self.program;
        let node = &program.nodes[objects.node];
        let (ty, class) = match &objects.by_type {
            ByType::Same(class) => (node.ty, *class),
            ByType::Classes(classes) => {
                let (table, cell) = self.store.value(&node.typename, node.table, row);
                let Cell::Leaf { at, len } = cell else { return Err(Unusual) };
                let ty = node.type_of(self.store.tables[table].text(at, len))?;
                let class = classes.iter().find(|(known, _)| *known == ty).ok_or(Unusual)?;
                (ty, class.1)
            }
        };
        let class: &Class = &program.classes[class];
        if class.fields.is_empty() {
            self.out.push(b'{');
        }
        for field in &class.fields {
            self.out.extend_from_slice(field.literal.as_bytes());
            self.field(field, ty, (node.table, row))?;
        }
        self.out.push(b'}');
        if self.out.len() > self.most {
            return Err(Unusual);
        }
        Ok(())
    }

    fn field(
        &mut self,
        field: &'a OutField,
        ty: TypeId,
        (table, row): (usize, u32),
    ) -> Result<(), Unusual> {
        let counter = field.cost.as_ref().map(|cost| cost.counter);
        match &field.value {
            OutValue::Literal(text) => self.out.extend_from_slice(text.as_bytes()),
            OutValue::Typename => {
                self.out.push(b'"');
                self.out.extend_from_slice(self.schema.ty(ty).name.as_bytes());
                self.out.push(b'"');
            }
            OutValue::Value { place, non_null, kind } => {
                let (table, cell) = match place {
                    Place::Own(slot) => (table, self.store.cell(table, row, *slot)),
                    Place::Sources(sources) => self.store.value(sources, table, row),
                };
                // Most values are leaves of which nothing is counted.
                if let (Cell::Leaf { at, len }, [_], None) = (cell, &**non_null, counter) {
                    return self.leaf(kind, self.store.tables[table].text(at, len));
                }
                if let Some(counter) = counter {
                    self.counters[counter] += 1;
                }
                self.value((table, cell), non_null, (kind, counter))?;
            }
        }
        Ok(())
    }

    fn leaf(&mut self, kind: &OutKind, text: &[u8]) -> Result<(), Unusual> {
        if !fits(kind, text) {
            return Err(Unusual);
        }
        self.out.extend_from_slice(text);
        Ok(())
    }

    /// A value; the first of `non_null` is for itself, the rest is for its items.
    fn value(
        &mut self,
        (table, cell): (usize, Cell),
        non_null: &'a [bool],
        (kind, counter): (&'a OutKind, Option<usize>),
    ) -> Result<(), Unusual> {
        let (may_not, below) = non_null.split_first().ok_or(Unusual)?;
        match cell {
            Cell::Absent | Cell::Null if *may_not => return Err(Unusual),
            Cell::Absent | Cell::Null => {
                self.out.extend_from_slice(b"null");
                return Ok(());
            }
            Cell::List { at, len } if !below.is_empty() => {
                let store = self.store;
                self.out.push(b'[');
                for (index, item) in store.tables[table].items(at, len).iter().enumerate() {
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value((table, *item), below, (kind, counter))?;
                }
                self.out.push(b']');
                return Ok(());
            }
            _ if !below.is_empty() => return Err(Unusual),
            Cell::Leaf { at, len } => {
                self.leaf(kind, self.store.tables[table].text(at, len))?;
            }
            Cell::Row(row) => match kind {
                OutKind::Objects(objects) => self.object(objects, row)?,
                _ => return Err(Unusual),
            },
            Cell::List { .. } | Cell::Number(_) => return Err(Unusual),
        }
        if let Some(counter) = counter {
            self.counters[counter + 1] += 1;
        }
        Ok(())
    }
}

/// Whether a leaf is of its type.
#[inline]
fn fits(kind: &OutKind, text: &[u8]) -> bool {
    let first = text.first().copied().unwrap_or_default();
    let number = first == b'-' || first.is_ascii_digit();
    match kind {
        OutKind::Any => true,
        OutKind::String => first == b'"',
        OutKind::Id => {
            first == b'"' || (number && text.iter().all(|b| b.is_ascii_digit() || *b == b'-'))
        }
        OutKind::Int => {
            let short = text.len() < 10 && text[1..].iter().all(u8::is_ascii_digit);
            number && (short || std::str::from_utf8(text).is_ok_and(is_int))
        }
        OutKind::Float => number,
        OutKind::Boolean => first == b't' || first == b'f',
        OutKind::Enum(values) => values.iter().any(|known| **known == *text),
        OutKind::Objects(_) => false,
    }
}

impl Program {
    /// How many counters its fields have.
    fn counters(&self) -> usize {
        let fields = self.classes.iter().flat_map(|class| &class.fields);
        2 * fields.filter(|field| field.cost.is_some()).count()
    }
}
