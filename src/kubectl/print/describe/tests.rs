//! Descriptions of whole objects.
