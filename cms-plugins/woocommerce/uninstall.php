<?php
/**
 * The plugin is deleted: its settings and secrets go, the receipts of orders stay unless the owner has said otherwise.
 *
 * @package FiscalgateWoo
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/sdk/autoload.php';
require_once __DIR__ . '/includes/autoload.php';

( new \FiscalgateWoo\Uninstaller() )->run();
