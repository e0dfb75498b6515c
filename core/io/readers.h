#pragma once

#include "core/io/format.h"

namespace embedscope {

/// The functions that rows of formats.cpp point at; those of a format stand in its file.
/// recognize…() looks at the beginning of a file and touches nothing else; read…() returns the
/// whole table, or an Error with the byte or line; list…() says which tables there are, from
/// headers alone.

Confidence recognizeNpy(const FileHead& head);
Result<Table> readNpy(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeWord2VecText(const FileHead& head);
Result<Table> readWord2VecText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeGloveText(const FileHead& head);
Result<Table> readGloveText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// Tables as delimited text: commas, semicolons or bars (csv) and tabs (tsv), with or without a
/// header, the vectors as one number a column or whole in one cell. Rows of the wrong length keep
/// their place: what is missing counts as NaN, and a warning says so.
Confidence recognizeCsv(const FileHead& head);
Result<Table> readCsv(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeTsv(const FileHead& head);
Result<Table> readTsv(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeNpz(const FileHead& head);
Result<Table> readNpz(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listNpz(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeWord2VecBinary(const FileHead& head);
Result<Table> readWord2VecBinary(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeSafetensors(const FileHead& head);
Result<Table> readSafetensors(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listSafetensors(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeVecs(const FileHead& head);
Result<Table> readVecs(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeBinaryVectors(const FileHead& head);
Result<Table> readBinaryVectors(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// Sets of the TensorFlow projector: a JSON configuration that names a table, its metadata and its
/// sprite. The first set whose table can be read opens, or the one that ReadOptions::tensor names.
Confidence recognizeProjector(const FileHead& head);
Result<Table> readProjector(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listProjector(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// Numbers without a header (the projector's .bytes), which need ReadOptions::shape or a
/// configuration beside them.
Confidence recognizeRawFloats(const FileHead& head);
Result<Table> readRawFloats(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeGguf(const FileHead& head);
Result<Table> readGguf(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listGguf(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizePyTorch(const FileHead& head);
Result<Table> readPyTorch(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listPyTorch(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeShards(const FileHead& head);
Result<Table> readShards(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listShards(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeInversionPng(const FileHead& head);
Result<Table> readInversionPng(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listInversionPng(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeFastText(const FileHead& head);
Result<Table> readFastText(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeFinalfusion(const FileHead& head);
Result<Table> readFinalfusion(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeMatrixMarket(const FileHead& head);
Result<Table> readMatrixMarket(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// Arrow IPC files and streams, and Feather; Parquet. Tables stored by columns: vectors as lists of
/// numbers in one column, or one column a dimension; the other columns stand beside the points.
/// Several list columns are the tensors to choose from.
Confidence recognizeArrow(const FileHead& head);
Result<Table> readArrow(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listArrow(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

Confidence recognizeParquet(const FileHead& head);
Result<Table> readParquet(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listParquet(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// HDF5, read by a program of its own: AnnData, ann-benchmarks, Keras and whatever holds datasets
/// of two dimensions.
Confidence recognizeHdf5(const FileHead& head);
Result<Table> readHdf5(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);
Result<std::vector<TensorSummary>> listHdf5(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

/// Tables as JSON: objects or lists of numbers, one a line or in a list, and words with their
/// vectors. Which values are the vectors is found as in CSV.
Confidence recognizeJson(const FileHead& head);
Result<Table> readJson(
    const ByteSource& source, const ReadOptions& options, const Progress& progress);

} // namespace embedscope
