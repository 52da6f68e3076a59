-- Inserts a processing job (p_id NULL; the new id is returned in p_id) or updates one. ispyb-api calls it in
-- upsert_job, for `ispyb.job --new` and for the services that create jobs.
--
-- A NULL argument leaves the stored value as it is, so no value can be set back to NULL: clients rely on it.
-- Difference from upstream: an id that does not exist is refused, also as p_id, where upstream inserted a job with
-- that id.
CREATE PROCEDURE upsert_processing_job (
  INOUT p_id int unsigned,
  IN p_dataCollectionId int unsigned,
  IN p_displayName TYPE OF ProcessingJob.displayName,
  IN p_comments TYPE OF ProcessingJob.comments,
  IN p_recipe TYPE OF ProcessingJob.recipe,
  IN p_automatic tinyint(1)
)
  MODIFIES SQL DATA
  SQL SECURITY DEFINER
  COMMENT 'Inserts a processing job, or updates the one with this id; NULL leaves a value as it is'
BEGIN
  DECLARE problem varchar(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

  IF p_id IS NULL AND p_dataCollectionId IS NULL THEN
    SET problem = 'p_dataCollectionId is NULL: a new job needs a data collection';
  ELSEIF p_dataCollectionId IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM DataCollection WHERE dataCollectionId = p_dataCollectionId LOCK IN SHARE MODE
  ) THEN
    SET problem = CONCAT('p_dataCollectionId: there is no DataCollection ', p_dataCollectionId);
  ELSEIF p_id IS NULL THEN
    INSERT INTO ProcessingJob (dataCollectionId, displayName, comments, recipe, automatic)
    VALUES (p_dataCollectionId, p_displayName, p_comments, p_recipe, p_automatic);
    SET p_id = LAST_INSERT_ID();
  ELSE
    UPDATE ProcessingJob
    SET
      dataCollectionId = IFNULL(p_dataCollectionId, dataCollectionId),
      displayName = IFNULL(p_displayName, displayName),
      comments = IFNULL(p_comments, comments),
      recipe = IFNULL(p_recipe, recipe),
      automatic = IFNULL(p_automatic, automatic)
    WHERE processingJobId = p_id;
    -- No row changed: the id is unknown, or there is nothing to change.
    IF ROW_COUNT() = 0 AND NOT EXISTS (
      SELECT 1 FROM ProcessingJob WHERE processingJobId = p_id LOCK IN SHARE MODE
    ) THEN
      SET problem = CONCAT('p_id: there is no ProcessingJob ', p_id);
    END IF;
  END IF;

  IF problem IS NOT NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = problem;
  END IF;
END;
