//! A source for `serde` out of JSON text that is known to be well formed: nothing is checked twice,
//! texts are borrowed, numbers are the nearest `f64`, and what nobody asks for is passed over.
//!
//! The same types come out as out of `serde_json`. What it does not take tells no place: the reader
//! of the whole text does.

use std::ops::Range;

use serde::de::value::{BorrowedStrDeserializer, StringDeserializer};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Error;

use super::{floats, lex};

/// The name under which a type asks for the text of its value instead of its content; the visitor
/// gets it by `visit_borrowed_bytes`, and by `visit_newtype_struct` where the text is not at hand.
pub(in crate::import) const TEXT: &str = "$text";

/// The value that begins at a place of the text.
pub(super) struct Sound<'de> {
    text: &'de [u8],
    at: usize,
    /// Where the value ends, as long as that is known.
    end: Option<usize>,
}

impl<'de> Sound<'de> {
    /// The value that lies there.
    pub(super) fn new(text: &'de [u8], place: Range<usize>) -> Self {
        Self {
            text,
            at: place.start,
            end: Some(place.end),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Takes what ends at `end`.
    fn take(&mut self, end: Option<usize>) -> Result<&'de [u8], Error> {
        let end = end.ok_or_else(unsound)?;
        let taken = self.text.get(self.at..end).ok_or_else(unsound)?;
        self.at = end;
        Ok(taken)
    }

    fn take_value(&mut self) -> Result<&'de [u8], Error> {
        let known = self.end.take();
        self.take(known.or_else(|| lex::value(self.text, self.at)))
    }

    /// A string: as it stands, or without its escapes.
    fn take_string(&mut self) -> Result<Result<&'de str, String>, Error> {
        let Some(end) = lex::plain_string(self.text, self.at) else {
            let quoted = self.take(lex::string(self.text, self.at))?;
            return serde_json::from_slice(quoted).map(Err);
        };
        let quoted = self.take(Some(end))?;
        let plain = quoted.get(1..quoted.len() - 1).ok_or_else(unsound)?;
        std::str::from_utf8(plain).map(Ok).map_err(Error::custom)
    }

    fn number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Error> {
        let digits = self.take(lex::number(self.text, self.at))?;
        let is_whole = digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'-'));
        if is_whole && let Ok(text) = std::str::from_utf8(digits) {
            if let Ok(whole) = text.parse::<u64>() {
                return visitor.visit_u64(whole);
            }
            // Minus zero is a number that only `f64` has.
            if let Ok(whole @ ..0) = text.parse::<i64>() {
                return visitor.visit_i64(whole);
            }
        }
        match floats::number(digits) {
            Some((number, _)) => visitor.visit_f64(number),
            None => Err(Error::custom("number out of range")),
        }
    }
}

fn unsound() -> Error {
    Error::custom("the text is not well formed")
}

/// Hands a request on to `serde_json`.
macro_rules! hand_on {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            serde_json::Deserializer::from_slice(self.take_value()?).$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for &mut Sound<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'{' | b'[') => {
                let is_object = self.peek() == Some(b'{');
                self.at += 1;
                self.end = None;
                let mut inside = Inside {
                    reader: self,
                    is_first: true,
                    is_closed: false,
                };
                let found = match is_object {
                    true => visitor.visit_map(&mut inside)?,
                    false => visitor.visit_seq(&mut inside)?,
                };
                // What leaves something unread is refused.
                if !inside.is_closed && inside.next(closing(is_object))? {
                    return Err(unsound());
                }
                Ok(found)
            }
            Some(b'"') => match self.take_string()? {
                Ok(text) => visitor.visit_borrowed_str(text),
                Err(text) => visitor.visit_string(text),
            },
            Some(b't' | b'f') => match self.take_value()? {
                b"true" => visitor.visit_bool(true),
                _ => visitor.visit_bool(false),
            },
            Some(b'n') => {
                self.take_value()?;
                visitor.visit_unit()
            }
            _ => self.number(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() == Some(b'n') {
            self.take_value()?;
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text = self.take_value()?;
        if name == TEXT {
            return visitor.visit_borrowed_bytes(text);
        }
        serde_json::Deserializer::from_slice(text).deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let text = self.take_value()?;
        serde_json::Deserializer::from_slice(text).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.take_value()?;
        visitor.visit_unit()
    }

    hand_on! {
        deserialize_i128 deserialize_u128 deserialize_f32 deserialize_bytes deserialize_byte_buf
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f64 char str string unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

fn closing(is_object: bool) -> u8 {
    if is_object { b'}' } else { b']' }
}

/// The inside of a list or object.
struct Inside<'r, 'de> {
    reader: &'r mut Sound<'de>,
    is_first: bool,
    is_closed: bool,
}

impl Inside<'_, '_> {
    /// Whether another value or key follows; goes to where it begins, or behind the end.
    fn next(&mut self, closing: u8) -> Result<bool, Error> {
        let reader = &mut *self.reader;
        reader.at = lex::blanks(reader.text, reader.at);
        let byte = reader.peek().ok_or_else(unsound)?;
        if byte == closing {
            reader.at += 1;
            self.is_closed = true;
            return Ok(false);
        }
        if !self.is_first {
            reader.at = lex::blanks(reader.text, reader.at + 1);
        }
        self.is_first = false;
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for &mut Inside<'_, 'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.next(b']')? {
            true => seed.deserialize(&mut *self.reader).map(Some),
            false => Ok(None),
        }
    }
}

impl<'de> MapAccess<'de> for &mut Inside<'_, 'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if !self.next(b'}')? {
            return Ok(None);
        }
        match self.reader.take_string()? {
            Ok(key) => seed.deserialize(BorrowedStrDeserializer::new(key)),
            Err(key) => seed.deserialize(StringDeserializer::new(key)),
        }
        .map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let reader = &mut *self.reader;
        let colon = lex::blanks(reader.text, reader.at);
        reader.at = lex::blanks(reader.text, colon + 1);
        seed.deserialize(reader)
    }
}
