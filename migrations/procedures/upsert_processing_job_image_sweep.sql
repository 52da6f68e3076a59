-- Inserts an image sweep of a processing job (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api
-- calls it in upsert_job_image_sweep.
--
-- A NULL argument leaves the stored value as it is: clients rely on it. The range is not compared with the images of
-- its data collection, because their numbers are often not recorded yet.
-- Differences from upstream: an id that does not exist is refused, also as p_id; a new sweep without a first or a
-- last image is refused; a first image after the last one is refused.
CREATE PROCEDURE upsert_processing_job_image_sweep (
  INOUT p_id int unsigned,
  IN p_processingJobId int unsigned,
  IN p_dataCollectionId int unsigned,
  IN p_startImage TYPE OF ProcessingJobImageSweep.startImage,
  IN p_endImage TYPE OF ProcessingJobImageSweep.endImage
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts an image sweep of a job, or updates the one with this id; NULL leaves a value as it is'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

  IF p_id IS NULL AND (p_processingJobId IS NULL OR p_dataCollectionId IS NULL) THEN
    SET problem = 'p_processingJobId or p_dataCollectionId is NULL: a new sweep needs both';
  ELSEIF p_id IS NULL AND (p_startImage IS NULL OR p_endImage IS NULL) THEN
    SET problem = 'p_startImage or p_endImage is NULL: a new sweep needs both';
  ELSEIF p_startImage > p_endImage THEN
    SET problem = CONCAT('p_startImage ', p_startImage, ' is after p_endImage ', p_endImage);
  ELSEIF p_processingJobId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM ProcessingJob WHERE processingJobId = p_processingJobId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_processingJobId: there is no ProcessingJob ', p_processingJobId);
  ELSEIF p_dataCollectionId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM DataCollection WHERE dataCollectionId = p_dataCollectionId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_dataCollectionId: there is no DataCollection ', p_dataCollectionId);
  ELSEIF p_id IS NULL THEN
    INSERT INTO ProcessingJobImageSweep (processingJobId, dataCollectionId, startImage, endImage)
    VALUES (p_processingJobId, p_dataCollectionId, p_startImage, p_endImage);
    SET p_id = LAST_INSERT_ID();
  ELSE
    -- A new first or last image must fit the one that stays. Both stored ones may be NULL.
    UPDATE ProcessingJobImageSweep
    SET
      processingJobId = IFNULL(p_processingJobId, processingJobId),
      dataCollectionId = IFNULL(p_dataCollectionId, dataCollectionId),
      startImage = IFNULL(p_startImage, startImage),
      endImage = IFNULL(p_endImage, endImage)
    WHERE processingJobImageSweepId = p_id
      AND IFNULL(IFNULL(p_startImage, startImage) <= IFNULL(p_endImage, endImage), TRUE);
    -- No row changed: the id is unknown, the range is wrong, or there is nothing to change.
    IF ROW_COUNT() = 0 THEN
      IF NOT EXISTS (
        SELECT 1 FROM ProcessingJobImageSweep WHERE processingJobImageSweepId = p_id LOCK IN SHARE MODE
      ) THEN
        SET problem = CONCAT('p_id: there is no ProcessingJobImageSweep ', p_id);
      ELSEIF EXISTS (
        SELECT 1 FROM ProcessingJobImageSweep
        WHERE processingJobImageSweepId = p_id
          AND IFNULL(p_startImage, startImage) > IFNULL(p_endImage, endImage)
        LOCK IN SHARE MODE
      ) THEN
        SET problem = CONCAT('ProcessingJobImageSweep ', p_id, ': its first image would be after its last one');
      END IF;
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
