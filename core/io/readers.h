#pragma once

#include "core/io/format.h"

namespace embedscope {

/// The functions that rows of formats.cpp point at; those of a format stand in its file.
/// recognize…() looks at the beginning of a file and touches nothing else; read…() returns the
/// whole table, or an Error with the byte or line; list…() says which tables there are, from
/// headers alone.

RecognizeFormat recognizeNpy;
ReadFormat readNpy;

RecognizeFormat recognizeWord2VecText;
ReadFormat readWord2VecText;

RecognizeFormat recognizeGloveText;
ReadFormat readGloveText;

/// Tables as delimited text: commas, semicolons or bars (csv) and tabs (tsv), with or without a
/// header, the vectors as one number a column or whole in one cell. Rows of the wrong length keep
/// their place: what is missing counts as NaN, and a warning says so.
RecognizeFormat recognizeCsv;
ReadFormat readCsv;

RecognizeFormat recognizeTsv;
ReadFormat readTsv;

RecognizeFormat recognizeNpz;
ReadFormat readNpz;
ListFormat listNpz;

RecognizeFormat recognizeWord2VecBinary;
ReadFormat readWord2VecBinary;

RecognizeFormat recognizeSafetensors;
ReadFormat readSafetensors;
ListFormat listSafetensors;

RecognizeFormat recognizeVecs;
ReadFormat readVecs;

RecognizeFormat recognizeBinaryVectors;
ReadFormat readBinaryVectors;

/// Sets of the TensorFlow projector: a JSON configuration that names a table, its metadata and its
/// sprite. The first set whose table can be read opens, or the one that ReadOptions::tensor names.
RecognizeFormat recognizeProjector;
ReadFormat readProjector;
ListFormat listProjector;

/// Numbers without a header (the projector's .bytes), which need ReadOptions::shape or a
/// configuration beside them.
RecognizeFormat recognizeRawFloats;
ReadFormat readRawFloats;

RecognizeFormat recognizeGguf;
ReadFormat readGguf;
ListFormat listGguf;

RecognizeFormat recognizePyTorch;
ReadFormat readPyTorch;
ListFormat listPyTorch;

RecognizeFormat recognizeShards;
ReadFormat readShards;
ListFormat listShards;

RecognizeFormat recognizeInversionPng;
ReadFormat readInversionPng;
ListFormat listInversionPng;

RecognizeFormat recognizeFastText;
ReadFormat readFastText;

RecognizeFormat recognizeFinalfusion;
ReadFormat readFinalfusion;

RecognizeFormat recognizeMatrixMarket;
ReadFormat readMatrixMarket;

/// Arrow IPC files and streams, and Feather; Parquet. Tables stored by columns: vectors as lists of
/// numbers in one column, or one column a dimension; the other columns stand beside the points.
/// Several list columns are the tensors to choose from.
RecognizeFormat recognizeArrow;
ReadFormat readArrow;
ListFormat listArrow;

RecognizeFormat recognizeParquet;
ReadFormat readParquet;
ListFormat listParquet;

/// HDF5, read by a program of its own: AnnData, ann-benchmarks, Keras and whatever holds datasets
/// of two dimensions.
RecognizeFormat recognizeHdf5;
ReadFormat readHdf5;
ListFormat listHdf5;

/// Tables as JSON: objects or lists of numbers, one a line or in a list, and words with their
/// vectors. Which values are the vectors is found as in CSV.
RecognizeFormat recognizeJson;
ReadFormat readJson;

} // namespace embedscope
