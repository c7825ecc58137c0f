<?php

// Not in db.php: what stands there is dropped with the plugin, and the tax office may ask for these rows.
$model = new waModel();
$model->exec(
    "CREATE TABLE IF NOT EXISTS shop_fiscalgate_operation (
        id int unsigned NOT NULL AUTO_INCREMENT,
        op_key varchar(128) NOT NULL,
        order_id varchar(64) NOT NULL,
        number varchar(128) NOT NULL,
        kind varchar(16) NOT NULL,
        total bigint NOT NULL,
        post mediumtext NOT NULL,
        state varchar(32) NOT NULL DEFAULT '',
        due bigint NOT NULL DEFAULT 0,
        tries int NOT NULL DEFAULT 0,
        gateway_id varchar(64) NOT NULL DEFAULT '',
        page varchar(2048) NOT NULL DEFAULT '',
        reason varchar(16) NOT NULL DEFAULT '',
        error text NOT NULL,
        mark text NOT NULL,
        seq bigint NOT NULL DEFAULT 0,
        webhook_id varchar(128) NOT NULL DEFAULT '',
        created bigint NOT NULL,
        version int NOT NULL DEFAULT 0,
        PRIMARY KEY (id),
        UNIQUE KEY op_key (op_key),
        KEY order_id (order_id),
        KEY due (due)
    ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"
);
